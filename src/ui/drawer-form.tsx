import { Button, Drawer } from 'antd'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import { useConfirm } from './confirm.tsx'
import { FormFields, useZodForm } from './form.tsx'
import { leaveWords } from './leave-guard.ts'

export interface DrawerFormProps<S extends z.ZodObject> {
  open: boolean
  title: ReactNode
  shape: S
  initial?: Partial<z.input<S>> | undefined
  /** As in `ZodForm`; the drawer closes when it resolves. */
  onSubmit: (values: z.output<S>) => unknown
  onClose: () => void
  submitText?: string | undefined
  /** Pixels; 520 when left out. */
  width?: number | undefined
  children: ReactNode
}

/**
 * A form in a drawer at the right; closing with unsaved changes asks first. Mounted anew each time it opens.
 *
 * ```tsx
 * <DrawerForm open={adding} title="新建区域" shape={placeInput} onClose={close} onSubmit={(v) => office.createPlace.call(v)}>
 *   <Field name="name" />
 * </DrawerForm>
 * ```
 */
export function DrawerForm<S extends z.ZodObject>(props: DrawerFormProps<S>) {
  return props.open ? <OpenDrawerForm {...props} /> : null
}

function OpenDrawerForm<S extends z.ZodObject>(props: DrawerFormProps<S>) {
  const ask = useConfirm()
  const state = useZodForm(props.shape, async (values) => {
    await props.onSubmit(values)
    props.onClose()
  })
  const close = async () => {
    if (state.busy || (state.dirty && !(await ask(leaveWords)))) return
    props.onClose()
  }
  return (
    <Drawer
      open
      title={props.title}
      size={props.width ?? 520}
      onClose={() => void close()}
      mask={{ closable: false }}
      footer={
        <div className="lx-form-acts">
          <Button type="primary" loading={state.busy} onClick={() => void state.send()}>
            {props.submitText ?? '保存'}
          </Button>
          <Button onClick={() => void close()}>取消</Button>
        </div>
      }
    >
      <FormFields state={state} initial={props.initial}>
        {props.children}
      </FormFields>
    </Drawer>
  )
}
