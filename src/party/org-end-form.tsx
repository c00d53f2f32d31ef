import { z } from 'zod'
import { today } from '../base/time.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { useOrgsChanged } from './org-forms.tsx'

const shape = z.object({
  on: z.iso.date().describe('到哪天止，这一天不再是'),
  reason: z.string().trim().min(2, '请写明原因或依据').max(200).describe('原因或依据'),
})

/** Ends something dated: until when, and why. */
export function EndForm(props: {
  title: string
  onEnd: (values: z.output<typeof shape>) => Promise<unknown>
  onClose: () => void
}) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title={props.title}
      shape={shape}
      initial={{ on: today(new Date()) }}
      onClose={props.onClose}
      onSubmit={async (values) => {
        await props.onEnd(values)
        await changed()
      }}
    >
      <Field name="on" hint="以前的记录保留；登记错了的，请在“变动记录”里撤销。">
        <input type="date" className="lx-day" />
      </Field>
      <Field name="reason" />
    </DrawerForm>
  )
}
