import { Alert, Button, Form, Input, type FormInstance, type FormItemProps } from 'antd'
import { createContext, useContext, useRef, useState, type ReactElement, type ReactNode } from 'react'
import type { z } from 'zod'
import { useLeaveGuard } from './leave-guard.ts'
import { toProblem, type AnsweredProblem } from './problem.ts'
import { emptied, partOf, tidied, wordOf } from '../base/zod-words.ts'

const ShapeContext = createContext<z.ZodObject | null>(null)
type FieldName = string | (string | number)[]

/** Ant Design rules for one field, from the zod object of the operation's input. */
export function zodRules(shape: z.ZodObject, name: FieldName): NonNullable<FormItemProps['rules']> {
  const part = partOf(shape, name)
  if (!part) return []
  const validator = (_rule: unknown, value: unknown) => {
    const read = part.safeParse(emptied(part, value))
    return read.success
      ? Promise.resolve()
      : Promise.reject(new Error(read.error.issues[0]?.message ?? '内容不符合要求'))
  }
  return [{ validator, required: !part.safeParse(undefined).success && !part.safeParse(null).success }]
}

/** The state behind a form that sends one operation's input. */
export interface ZodFormState<S extends z.ZodObject> {
  form: FormInstance
  shape: S
  busy: boolean
  dirty: boolean
  problem: AnsweredProblem | undefined
  send: () => Promise<void>
  /** Takes over new starting values and forgets what was typed. */
  reset: () => void
  touch: () => void
}

/** Validates by the shape, calls `onSubmit` with the parsed values, and puts what the server refuses at its fields. */
export function useZodForm<S extends z.ZodObject>(
  shape: S,
  onSubmit: (values: z.output<S>) => unknown,
  guard = true,
): ZodFormState<S> {
  const [form] = Form.useForm()
  const [busy, setBusy] = useState(false)
  const [dirty, setDirtyState] = useState(false)
  const [problem, setProblem] = useState<AnsweredProblem>()
  const sending = useRef(false)
  // The guard is asked before the screen is drawn again, so it must not wait for the state.
  const unsaved = useRef(false)
  const setDirty = (next: boolean) => {
    unsaved.current = next
    setDirtyState(next)
  }
  useLeaveGuard(() => guard && unsaved.current && !sending.current)
  const send = async () => {
    if (sending.current) return
    setProblem(undefined)
    const filled = await form.validateFields().then(
      () => true,
      () => false,
    )
    if (!filled) return
    const read = shape.safeParse(tidied(shape, form.getFieldsValue(true) as Record<string, unknown>))
    if (!read.success) {
      placeProblems(
        form,
        read.error.issues.map((issue) => ({ path: issue.path as FieldName, message: issue.message })),
      )
      return
    }
    sending.current = true
    setBusy(true)
    try {
      await onSubmit(read.data)
      setDirty(false)
    } catch (error) {
      const refused = toProblem(error)
      const placed = placeProblems(
        form,
        refused.fields.map((field) => ({ path: field.path.split('.'), message: field.message })),
      )
      if (!placed) setProblem(refused)
    } finally {
      sending.current = false
      setBusy(false)
    }
  }
  const reset = () => {
    form.resetFields()
    setProblem(undefined)
    setDirty(false)
  }
  return { form, shape, busy, dirty, problem, send, reset, touch: () => setDirty(true) }
}

/** Shows each problem at its field; false when one of them has no field on the form. */
function placeProblems(form: FormInstance, problems: { path: FieldName; message: string }[]): boolean {
  const known = problems.filter(
    ({ path }) => form.getFieldInstance(path) !== undefined || form.getFieldValue(path) !== undefined,
  )
  form.setFields(known.map(({ path, message }) => ({ name: path, errors: [message] })))
  const first = known[0]
  if (first) form.scrollToField(first.path, { block: 'center', focus: true })
  return problems.length > 0 && known.length === problems.length
}

/** The fields of a form; used by `ZodForm` and `DrawerForm`. */
export function FormFields<S extends z.ZodObject>(props: {
  state: ZodFormState<S>
  initial?: Partial<z.input<S>> | undefined
  children: ReactNode
}) {
  const { state } = props
  return (
    <Form
      form={state.form}
      layout="vertical"
      requiredMark
      scrollToFirstError={{ block: 'center', focus: true }}
      disabled={state.busy}
      validateTrigger="onBlur"
      onValuesChange={state.touch}
      onFinish={() => void state.send()}
      {...(props.initial ? { initialValues: props.initial } : {})}
    >
      <ShapeContext value={state.shape}>
        <ProblemNote problem={state.problem} />
        {props.children}
      </ShapeContext>
      {/* Enter in any field sends the form. */}
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </Form>
  )
}

function ProblemNote({ problem }: { problem: AnsweredProblem | undefined }) {
  if (!problem) return null
  const lines = problem.fields.map((field) => <li key={field.path}>{field.message}</li>)
  const id =
    problem.requestId && !problem.message.includes(problem.requestId) ? (
      <li className="lx-code">请求编号 {problem.requestId}</li>
    ) : null
  return (
    <Alert
      className="lx-form-problem"
      type="error"
      showIcon
      title={problem.message}
      description={<ul>{[...lines, id]}</ul>}
    />
  )
}

export interface FieldProps extends Omit<FormItemProps, 'name' | 'rules' | 'children' | 'label'> {
  /** The field of the input, as in the contract. */
  name: FieldName
  /** The field's `describe` words when left out. */
  label?: ReactNode
  /** A line under the input: how to fill it in. */
  hint?: ReactNode
  /** The input; a plain text box when left out. */
  children?: ReactElement
}

/** One field of a form; its label, its required mark and its rules come from the shape. */
export function Field({ name, label, hint, children, ...rest }: FieldProps) {
  const shape = useContext(ShapeContext)
  const words = label ?? (shape ? wordOf(partOf(shape, name)) : undefined)
  return (
    <Form.Item {...rest} name={name} label={words} extra={hint} rules={shape ? zodRules(shape, name) : []}>
      {children ?? <Input />}
    </Form.Item>
  )
}

export interface ZodFormProps<S extends z.ZodObject> {
  /** The operation's input. */
  shape: S
  initial?: Partial<z.input<S>> | undefined
  /** Throw (or let the call throw) to refuse: the problem is shown at its fields or on top. */
  onSubmit: (values: z.output<S>) => unknown
  submitText?: string | undefined
  onCancel?: (() => void) | undefined
  /** Ask before leaving with unsaved changes; true when left out. */
  guard?: boolean | undefined
  children: ReactNode
}

/**
 * A form on the page.
 *
 * ```tsx
 * <ZodForm shape={placeInput} initial={{ kind: 'park' }} onSubmit={(values) => office.createPlace.call(values)}>
 *   <Field name="name" />
 *   <Field name="kind"><Select options={options(placeKinds)} /></Field>
 * </ZodForm>
 * ```
 */
export function ZodForm<S extends z.ZodObject>(props: ZodFormProps<S>) {
  const state = useZodForm(props.shape, props.onSubmit, props.guard ?? true)
  return (
    <div className="lx-form">
      <FormFields state={state} initial={props.initial}>
        {props.children}
      </FormFields>
      <div className="lx-form-acts">
        <Button type="primary" loading={state.busy} onClick={() => void state.send()}>
          {props.submitText ?? '保存'}
        </Button>
        {props.onCancel ? <Button onClick={props.onCancel}>取消</Button> : null}
      </div>
    </div>
  )
}
