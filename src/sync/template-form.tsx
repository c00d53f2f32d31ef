import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd'
import type { z } from 'zod'
import { today } from '../base/time.ts'
import { unitKinds } from '../ledger/field-contract.ts'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { syncContract } from './contract.ts'
import { dueUnits, triggers, type SyncTemplate, type TemplateItem } from './rules.ts'
import { sync, type Template } from './sync-client.tsx'

const save = inputOf(syncContract.saveTemplate)
const turn = inputOf(syncContract.switchTemplate)

interface FormProps {
  county: string
  template?: Template | undefined
  onClose: () => void
}

/** A short code that nothing in the list bears yet. */
function freshKey(prefix: string, held: readonly { key: string }[]): string {
  for (let at = held.length + 1; ; at += 1) {
    const key = `${prefix}-${at}`
    if (!held.some((one) => one.key === key)) return key
  }
}

const empty: SyncTemplate = {
  title: '',
  trigger: 'other',
  kinds: [],
  codePrefix: '',
  milestones: [{ key: 'begin', title: '发生之日' }],
  items: [{ key: 'item-1', title: '', milestone: 'begin', term: 30, unit: 'days' }],
  source: '',
}

/** A template of the office's own, or a new version of one. */
export function TemplateForm({ county, template, onClose }: FormProps) {
  const client = useQueryClient()
  const send = async (values: z.output<typeof save>) => {
    await sync.saveTemplate.call(values)
    await client.invalidateQueries({ queryKey: sync.key() })
  }
  const told = template?.told ?? empty
  return (
    <DrawerForm
      open
      width={680}
      title={template ? `修改模板：${told.title}` : '新建模板'}
      shape={save}
      initial={
        {
          countyCode: county,
          key: template?.key ?? `own-${Date.now().toString(36)}`,
          told,
        } as unknown as z.input<typeof save>
      }
      onSubmit={send}
      onClose={onClose}
    >
      <Field name={['told', 'title']} />
      <Field name={['told', 'trigger']} hint="登记设立、年检年报由台账自动发现；项目和其他由人登记。">
        <Select options={options(triggers)} />
      </Field>
      <Field name={['told', 'kinds']}>
        <Select mode="multiple" allowClear options={options(unitKinds)} />
      </Field>
      <Field name={['told', 'codePrefix']} hint="如 31 为律师事务所等司法行政登记的组织；不限的空着。" />
      <Field name={['told', 'inPark']} valuePropName="checked" label="">
        <Checkbox>只限台账里在园区的单位</Checkbox>
      </Field>
      <Field name={['told', 'milestones']} hint="项目可以分几个节点，党建事项从各自的节点起算期限。">
        <MilestonesInput />
      </Field>
      <ItemsField />
      <Field name={['told', 'source']} hint="文件名称、文号，或者哪里的做法" />
      <Field name="reason" />
    </DrawerForm>
  )
}

type Milestone = SyncTemplate['milestones'][number]

function MilestonesInput({ value = [], onChange }: { value?: Milestone[]; onChange?: (next: Milestone[]) => void }) {
  return (
    <div className="lx-sync-rows">
      {value.map((one, at) => (
        <div key={one.key} className="lx-sync-mile">
          <Input
            aria-label={`节点 ${at + 1}`}
            value={one.title}
            maxLength={20}
            onChange={(event) =>
              onChange?.(value.map((other) => (other === one ? { ...one, title: event.target.value } : other)))
            }
          />
          {at > 0 ? (
            <Button
              type="text"
              aria-label={`去掉节点 ${one.title}`}
              onClick={() => onChange?.(value.filter((other) => other !== one))}
            >
              ×
            </Button>
          ) : null}
        </div>
      ))}
      <div>
        <Button size="small" onClick={() => onChange?.([...value, { key: freshKey('mile', value), title: '' }])}>
          加一个节点
        </Button>
      </div>
    </div>
  )
}

function ItemsField() {
  const form = Form.useFormInstance()
  const milestones = (Form.useWatch(['told', 'milestones'], form) as Milestone[] | undefined) ?? []
  return (
    <Field name={['told', 'items']}>
      <ItemsInput milestones={milestones} />
    </Field>
  )
}

function ItemsInput(props: {
  value?: TemplateItem[]
  onChange?: (next: TemplateItem[]) => void
  milestones: readonly Milestone[]
}) {
  const { value = [], onChange, milestones } = props
  const set = (one: TemplateItem, change: Partial<TemplateItem>) =>
    onChange?.(value.map((other) => (other === one ? { ...one, ...change } : other)))
  const more = () => {
    const key = freshKey('item', value)
    onChange?.([...value, { key, title: '', milestone: milestones[0]?.key ?? 'begin', term: 30, unit: 'days' }])
  }
  return (
    <div className="lx-sync-rows">
      {value.map((one, at) => (
        <div key={one.key} className="lx-sync-row">
          <Input
            aria-label={`事项 ${at + 1}`}
            placeholder="要办的党建事项"
            value={one.title}
            maxLength={80}
            onChange={(event) => set(one, { title: event.target.value })}
          />
          <Select
            aria-label={`事项 ${at + 1} 自哪个节点起`}
            value={one.milestone}
            options={milestones.map((mile) => ({ value: mile.key, label: mile.title || '（未命名）' }))}
            onChange={(milestone) => set(one, { milestone })}
          />
          <InputNumber
            aria-label={`事项 ${at + 1} 的期限`}
            min={0}
            max={366}
            precision={0}
            value={one.term}
            style={{ width: '100%' }}
            onChange={(term) => set(one, { term: term ?? 0 })}
          />
          <Select
            aria-label={`事项 ${at + 1} 的期限单位`}
            value={one.unit}
            options={options(dueUnits)}
            onChange={(unit) => set(one, { unit })}
          />
          <Button
            type="text"
            aria-label={`去掉事项 ${at + 1}`}
            disabled={value.length === 1}
            onClick={() => onChange?.(value.filter((other) => other !== one))}
          >
            ×
          </Button>
        </div>
      ))}
      <div>
        <Button size="small" onClick={more}>
          加一项
        </Button>
      </div>
    </div>
  )
}

/** Takes a template into use from a day on, or out of it. */
export function SwitchForm({ county, template, onClose }: FormProps & { template: Template }) {
  const client = useQueryClient()
  const inUse = !template.inUse
  return (
    <DrawerForm
      open
      title={`${inUse ? '启用' : '停用'}：${template.told.title}`}
      submitText={inUse ? '启用' : '停用'}
      shape={turn}
      initial={{ countyCode: county, key: template.key, inUse, effectiveOn: today(new Date()) }}
      onSubmit={async (values) => {
        await sync.switchTemplate.call(values)
        await client.invalidateQueries({ queryKey: sync.key() })
      }}
      onClose={onClose}
    >
      <p className="lx-soft">
        {inUse
          ? '自动发现的模板从台账里找这一天及以后发生的，写入台账一分钟后列入。'
          : '不再列入新的事件；进行中的照旧办。'}
      </p>
      <Field name="effectiveOn" label={inUse ? '从哪天起' : '停用日期'}>
        <input type="date" className="lx-day" />
      </Field>
      <Field name="reason" hint="如 县委组织部部务会研究" />
    </DrawerForm>
  )
}
