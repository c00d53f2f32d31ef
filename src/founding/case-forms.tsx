import { useQueryClient } from '@tanstack/react-query'
import { Form, Input, InputNumber, Radio, Select } from 'antd'
import { addDays, today } from '../base/time.ts'
import { OrgPicker } from '../party/parts.tsx'
import { formingModes, orgKinds, termFormings } from '../party/words-contract.ts'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { FileField } from '../ui/file-field.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { foundingContract } from './contract.ts'
import { founding, type CasePage } from './founding-client.tsx'
import { foundingSteps, type FoundingStep } from './rules.ts'

interface FormProps {
  page: CasePage
  onClose: () => void
}

function useChanged() {
  const client = useQueryClient()
  return () => client.invalidateQueries()
}

const now = () => today(new Date())
const pastDay = () => <input type="date" className="lx-day" max={now()} />
const note = <Input.TextArea rows={3} maxLength={500} />

const finish = inputOf(foundingContract.finishStep)
const reply = inputOf(foundingContract.registerReply)
const election = inputOf(foundingContract.registerElection)
const filing = inputOf(foundingContract.registerFiling)
const postpone = inputOf(foundingContract.postponeStep)
const edit = inputOf(foundingContract.editCase)

/** What the step that is to be done now asks for. */
export function StepForm({ page, step, onClose }: FormProps & { step: FoundingStep }) {
  if (step === 'reply') return <ReplyForm page={page} onClose={onClose} />
  if (step === 'election') return <ElectionForm page={page} onClose={onClose} />
  if (step === 'filing') return <FilingForm page={page} onClose={onClose} />
  return <PlainForm page={page} step={step} onClose={onClose} />
}

function PlainForm({ page, step, onClose }: FormProps & { step: FoundingStep }) {
  const changed = useChanged()
  return (
    <DrawerForm
      open
      title={`${foundingSteps[step]}：${page.orgName}`}
      submitText="办结这一步"
      shape={finish}
      initial={{ id: page.id, step, on: now() }}
      onSubmit={async (values) => {
        await founding.finishStep.call(values)
        await changed()
      }}
      onClose={onClose}
    >
      <Field name="on">{pastDay()}</Field>
      <Field name="note" hint="见了谁、看到什么、结果怎样；不写党员个人信息。">
        {note}
      </Field>
      {step === 'request' ? <Field name="docNo" hint="有请示文号的填写" /> : null}
      <Field name="fileId">
        <FileField />
      </Field>
    </DrawerForm>
  )
}

function ReplyForm({ page, onClose }: FormProps) {
  const changed = useChanged()
  return (
    <DrawerForm
      open
      title="登记批复"
      submitText={page.form === 'join' ? '登记，单位并入' : '登记，党组织成立'}
      shape={reply}
      initial={{ id: page.id, on: now(), note: '已批复' }}
      onSubmit={async (values) => {
        await founding.registerReply.call(values)
        await changed()
      }}
      onClose={onClose}
    >
      <p className="lx-soft">
        {page.form === 'join'
          ? `登记后，${page.units} 家单位从批复之日起由“${page.hostName}”覆盖。`
          : `登记后，“${page.orgName}”从批复之日起成立，覆盖 ${page.units} 家单位；登记错了可以撤回。`}
      </p>
      <Field name="on">{pastDay()}</Field>
      <Field name="docNo" />
      <Field name="note">{note}</Field>
      <Field name="fileId">
        <FileField />
      </Field>
    </DrawerForm>
  )
}

function ElectionForm({ page, onClose }: FormProps) {
  const changed = useChanged()
  // Those who lead a temporary branch are appointed.
  const formed =
    page.kind === 'temporary' || page.formingMode === 'temporary'
      ? ({ formedBy: 'appointment', note: '已任命书记' } as const)
      : ({ formedBy: 'election', note: '已选举产生书记' } as const)
  return (
    <DrawerForm
      open
      title="登记选举结果"
      shape={election}
      initial={{ id: page.id, on: now(), ...formed }}
      onSubmit={async (values) => {
        await founding.registerElection.call(values)
        await changed()
      }}
      onClose={onClose}
    >
      <Field name="formedBy">
        <Radio.Group options={options(termFormings)} />
      </Field>
      <Field name="on">{pastDay()}</Field>
      <Votes />
      <Field name="secretary" hint="姓名加密保存，平时遮盖；其他班子成员在党组织页登记。" />
      <Field name="note">{note}</Field>
      <Field name="fileId">
        <FileField />
      </Field>
    </DrawerForm>
  )
}

/** Those entitled and those present; an appointment has neither. */
function Votes() {
  const form = Form.useFormInstance()
  if (Form.useWatch('formedBy', form) === 'appointment') return null
  return (
    <>
      <Field name="entitled">
        <InputNumber min={1} max={10_000} precision={0} style={{ width: 160 }} />
      </Field>
      <Field name="present" hint="不少于应到的五分之四，选举方为有效。">
        <InputNumber min={0} max={10_000} precision={0} style={{ width: 160 }} />
      </Field>
    </>
  )
}

function FilingForm({ page, onClose }: FormProps) {
  const changed = useChanged()
  return (
    <DrawerForm
      open
      title="登记报备"
      submitText="登记，办结"
      shape={filing}
      initial={{ id: page.id, on: now(), note: '已报备' }}
      onSubmit={async (values) => {
        await founding.registerFiling.call(values)
        await changed()
      }}
      onClose={onClose}
    >
      <Field name="on">{pastDay()}</Field>
      <Field name="docNo" />
      <Field name="note">{note}</Field>
      <Field name="fileId" hint="备案表扫描件；随报备一起归入材料清单。">
        <FileField />
      </Field>
    </DrawerForm>
  )
}

/** A later term for the step that is to be done now. */
export function PostponeForm({ page, step, onClose }: FormProps & { step: FoundingStep }) {
  const changed = useChanged()
  return (
    <DrawerForm
      open
      title={`延长“${foundingSteps[step]}”的期限`}
      shape={postpone}
      initial={{ id: page.id, step }}
      onSubmit={async (values) => {
        await founding.postponeStep.call(values)
        await changed()
      }}
      onClose={onClose}
    >
      <Field name="until" hint={`原期限 ${page.dueOn}`}>
        <input type="date" className="lx-day" min={addDays(page.dueOn!, 1)} />
      </Field>
      <Field name="reason" />
    </DrawerForm>
  )
}

/** What is to be founded, until the reply. */
export function CaseEdit({ page, onClose }: FormProps) {
  const changed = useChanged()
  const { id, orgName, kind, formingMode, parentId } = page
  return (
    <DrawerForm
      open
      title="修改拟成立的党组织"
      shape={edit}
      initial={{ id, orgName, kind, formingMode, parentId, parentName: parentId ? null : page.parentName }}
      onSubmit={async (values) => {
        await founding.editCase.call(values)
        await changed()
      }}
      onClose={onClose}
    >
      <Field name="orgName" />
      <Field name="kind">
        <Select options={options(orgKinds)} />
      </Field>
      <Field name="formingMode">
        <Select options={options(formingModes)} />
      </Field>
      <Field name="parentId">
        <OrgPicker named={page.parentName ?? undefined} />
      </Field>
      <Field name="parentName" hint="上级党组织不在本平台时填写" />
    </DrawerForm>
  )
}
