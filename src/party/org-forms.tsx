import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Form, Input, InputNumber, Select } from 'antd'
import { today } from '../base/time.ts'
import { CountyPicker, RegionPicker, useOnlyCounty } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { orgContract, type OrgPage } from './contract.ts'
import { OrgPicker, OrgsPicker, UnitPicker, UnitsPicker } from './parts.tsx'
import { fullNameOf } from './rules.ts'
import { baseKinds, coverModes, formingModes, orgKinds, orgLines, type OrgKind } from './words-contract.ts'
import {
  correctOrgInput,
  createOrgInput,
  dissolveOrgInput,
  mergeOrgsInput,
  orgWriteContract,
  renameOrgInput,
  setParentInput,
  splitOrgInput,
} from './write-contract.ts'

const party = connect(orgWriteContract)
const orgs = connect(orgContract)

interface FormProps {
  org: OrgPage
  onClose: () => void
}

/** Asks again for everything that shows organisations. */
export function useOrgsChanged(): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: orgs.key() })
}

const day = <input type="date" className="lx-day" />
const pastDay = <input type="date" className="lx-day" max={today(new Date())} />

/** The full name that follows from name and kind, while none is given. */
function FullName() {
  const form = Form.useFormInstance()
  const name = Form.useWatch('name', form) as string | undefined
  const kind = Form.useWatch('kind', form) as OrgKind | undefined
  const given = name && kind ? fullNameOf(name, kind) : '中共……支部委员会'
  return (
    <Field name="fullName" hint="印章上的全称；空着按“中共＋单位名称＋类别”。">
      <Input placeholder={given} />
    </Field>
  )
}

function Naming() {
  return (
    <>
      <Field name="name" hint="日常用的名称，如 海风物流党支部" />
      <Field name="kind">
        <Select options={options(orgKinds)} />
      </Field>
      <Field name="formingMode">
        <Select options={options(formingModes)} />
      </Field>
      <FullName />
    </>
  )
}

function Base({ named }: { named?: string | undefined }) {
  const form = Form.useFormInstance()
  const kind = Form.useWatch('baseKind', form) as string | undefined
  return (
    <>
      <Field name="baseKind">
        <Select options={options(baseKinds)} />
      </Field>
      {kind === 'unit' || kind === undefined ? (
        <Field name="baseUnitId">
          <UnitPicker named={named} />
        </Field>
      ) : (
        <Field name="baseText" hint="园区、行业、项目等的名称" />
      )}
    </>
  )
}

function Facts({ named }: { named?: string | undefined }) {
  return (
    <>
      <Field name="foundedOn">{pastDay}</Field>
      <Base named={named} />
      <Field name="code" />
      <Field name="approvalNo" />
      <Field name="approvedOn">{day}</Field>
      <Field name="plannedEnd" hint="临时、项目党组织填；到期前一个月起提醒撤销。">
        {day}
      </Field>
      <Field name="premises" />
      <Field name="premisesAreaM2">
        <InputNumber min={0} style={{ width: 160 }} />
      </Field>
      <Field name="remark">
        <Input.TextArea rows={2} />
      </Field>
    </>
  )
}

/** 成立党组织 */
export function NewOrg({ onMade, onClose }: { onMade: (id: string) => void; onClose: () => void }) {
  const only = useOnlyCounty()
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      width={600}
      title="成立党组织"
      shape={createOrgInput}
      initial={{
        ...(only ? { countyCode: only, areaCode: only } : {}),
        kind: 'branch',
        formingMode: 'solo',
        baseKind: 'unit',
      }}
      submitText="成立"
      onClose={onClose}
      onSubmit={async (values) => {
        const { id } = await party.createOrg.call(values)
        await changed()
        onMade(id)
      }}
    >
      <Field name="countyCode">
        <CountyPicker />
      </Field>
      <Field name="areaCode" hint="跨乡镇街道的选到县。">
        <RegionPicker width="100%" label="所在区划" />
      </Field>
      <Naming />
      <Field name="parentId" hint="隶属的上级；不在本平台的填名称。">
        <OrgPicker />
      </Field>
      <Field name="parentName" />
      <Field name="unitIds">
        <UnitsPicker />
      </Field>
      <Field name="coverMode">
        <Select allowClear options={options(coverModes)} placeholder="随组建方式" />
      </Field>
      <Field name="secretary" hint="加密保存，列表里只显示姓。" />
      <Field name="electedOn" hint="据此推算届满日。">
        {pastDay}
      </Field>
      <Facts />
      <Field name="reason" hint="如 县委组织部批复" />
    </DrawerForm>
  )
}

/** 更正 */
export function CorrectOrg({ org, onClose }: FormProps) {
  const changed = useOrgsChanged()
  const { premisesAreaM2, ...rest } = org
  return (
    <DrawerForm
      open
      width={560}
      title={`更正“${org.name}”的信息`}
      shape={correctOrgInput}
      initial={{ ...rest, baseUnitId: org.baseUnit?.id ?? null, premisesAreaM2, reason: undefined as never }}
      onClose={onClose}
      onSubmit={async (values) => {
        await party.correctOrg.call(values)
        await changed()
      }}
    >
      <Field name="areaCode">
        <RegionPicker width="100%" label="所在区划" />
      </Field>
      <Facts named={org.baseUnit?.name} />
      <Field name="reason" />
    </DrawerForm>
  )
}

/** 更名改类 */
export function RenameOrg({ org, onClose }: FormProps) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title="更名、改类别或组建方式"
      shape={renameOrgInput}
      initial={{ id: org.id, name: org.name, kind: org.kind, formingMode: org.formingMode, from: today(new Date()) }}
      onClose={onClose}
      onSubmit={async (values) => {
        await party.renameOrg.call(values)
        await changed()
      }}
    >
      <Naming />
      <Field name="from" hint="这一天以前仍是原来的名称和类别。">
        {pastDay}
      </Field>
      <Field name="reason" hint="如 上级批复文号" />
    </DrawerForm>
  )
}

/** 设置上级 */
export function ParentForm({ org, onClose }: FormProps) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title="设置上级党组织"
      shape={setParentInput}
      initial={{ id: org.id, line: 'leadership', from: today(new Date()) }}
      onClose={onClose}
      onSubmit={async (values) => {
        await party.setParent.call(values)
        await changed()
      }}
    >
      <Field name="line" hint="隶属一天只有一个，原来的到这一天为止；业务指导可以有几个。">
        <Select options={options(orgLines)} />
      </Field>
      <Field name="parentId">
        <OrgPicker />
      </Field>
      <Field name="parentName" />
      <Field name="from">{day}</Field>
      <Field name="reason" />
    </DrawerForm>
  )
}

/** 撤销建制 */
export function DissolveOrg({ org, onClose }: FormProps) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title={`撤销“${org.name}”`}
      shape={dissolveOrgInput}
      initial={{ id: org.id, on: today(new Date()) }}
      submitText="撤销建制"
      onClose={onClose}
      onSubmit={async (values) => {
        await party.dissolveOrg.call(values)
        await changed()
      }}
    >
      <p className="lx-soft">它的班子、覆盖、上级关系都到这一天为止；以前的记录保留，可以在“变动记录”里撤回。</p>
      <Field name="on">{day}</Field>
      <Field name="coverInto" hint={`现在覆盖 ${org.units} 家单位`}>
        <OrgPicker />
      </Field>
      <Field name="reason" />
    </DrawerForm>
  )
}

/** 合并 */
export function MergeOrgs({ org, onClose }: FormProps) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title={`把其他党组织并入“${org.name}”`}
      shape={mergeOrgsInput}
      initial={{ id: org.id, on: today(new Date()) }}
      submitText="合并"
      onClose={onClose}
      onSubmit={async (values) => {
        await party.mergeOrgs.call(values)
        await changed()
      }}
    >
      <p className="lx-soft">被合并的党组织到这一天撤销，它们覆盖的单位和下级党组织转到这里。</p>
      <Field name="fromIds">
        <OrgsPicker />
      </Field>
      <Field name="on">{day}</Field>
      <Field name="reason" />
    </DrawerForm>
  )
}

/** Chooses among the units that an organisation covers now. */
function CoveredPicker(props: { orgId: string; id?: string; value?: string[]; onChange?: (ids: string[]) => void }) {
  const query = useQuery(orgs.listOrgUnits.queryOptions({ input: { id: props.orgId, pageSize: 200 } }))
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      aria-label="拆出的单位"
      mode="multiple"
      optionFilterProp="label"
      placeholder="选择现在由它覆盖的单位"
      value={props.value ?? []}
      options={(query.data?.rows ?? []).map((row) => ({ value: row.unitId, label: row.unitName }))}
      {...(props.onChange ? { onChange: props.onChange } : {})}
    />
  )
}

/** 拆分 */
export function SplitOrg({ org, onMade, onClose }: FormProps & { onMade: (id: string) => void }) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title={`从“${org.name}”拆出一个党组织`}
      shape={splitOrgInput}
      initial={{ id: org.id, kind: 'branch', formingMode: 'solo', on: today(new Date()) }}
      submitText="拆分"
      onClose={onClose}
      onSubmit={async (values) => {
        const { id } = await party.splitOrg.call(values)
        await changed()
        onMade(id)
      }}
    >
      <Field name="unitIds">
        <CoveredPicker orgId={org.id} />
      </Field>
      <Naming />
      <Field name="on">{day}</Field>
      <Field name="reason" />
    </DrawerForm>
  )
}
