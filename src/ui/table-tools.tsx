import ColumnHeightOutlined from '@ant-design/icons/ColumnHeightOutlined'
import ReloadOutlined from '@ant-design/icons/ReloadOutlined'
import SettingOutlined from '@ant-design/icons/SettingOutlined'
import { Button, Checkbox, ConfigProvider, Popover } from 'antd'
import { useMemo, type ReactNode } from 'react'
import { useKept } from './list-state.ts'

interface Choosable {
  key: string
  title: string
  required?: boolean
  hidden?: boolean
}

export interface ColumnChoice<C extends Choosable> {
  all: readonly C[]
  shown: readonly C[]
  show: (key: string, visible: boolean) => void
  reset: () => void
}

/** Which columns are on screen; kept by the caller when it gives `kept`, otherwise in this browser under the list's name. */
export function useColumnChoice<C extends Choosable>(
  name: string,
  all: readonly C[],
  kept?: { value: readonly string[]; onChange: (hidden: string[]) => void },
): ColumnChoice<C> {
  const usual = hiddenAtFirst(all)
  const [own, setOwn] = useHiddenColumns(name, all)
  const hidden = kept?.value ?? own
  const keep = kept?.onChange ?? setOwn
  const shown = useMemo(() => all.filter((column) => column.required || !hidden.includes(column.key)), [all, hidden])
  return {
    all,
    shown,
    show: (key, visible) => keep(visible ? hidden.filter((other) => other !== key) : [...hidden, key]),
    reset: () => keep(usual),
  }
}

const hiddenAtFirst = (all: readonly Choosable[]) => all.flatMap((column) => (column.hidden ? [column.key] : []))

/** The hidden columns of a list as this browser keeps them, for a screen that also sets them (a saved view). */
export function useHiddenColumns(name: string, all: readonly Choosable[]) {
  return useKept<readonly string[]>(`columns.${name}`, hiddenAtFirst(all))
}

export type Density = 'tight' | 'loose'

/** Row height of every table in this browser. */
export function useDensity(): [Density, (next: Density) => void] {
  return useKept<Density>('density', 'loose')
}

interface ToolsProps<C extends Choosable> {
  choice: ColumnChoice<C>
  density: Density
  onDensity: (next: Density) => void
  onRefresh: () => void
  children?: ReactNode
}

/** The small buttons at the right above a table. */
export function TableTools<C extends Choosable>({ choice, density, onDensity, onRefresh, children }: ToolsProps<C>) {
  const chooser = (
    <div className="lx-columns">
      {choice.all.map((column) => (
        <Checkbox
          key={column.key}
          disabled={column.required ?? false}
          checked={choice.shown.includes(column)}
          onChange={(event) => choice.show(column.key, event.target.checked)}
        >
          {column.title}
        </Checkbox>
      ))}
      <Button type="link" size="small" onClick={choice.reset}>
        恢复默认
      </Button>
    </div>
  )
  const other = density === 'tight' ? 'loose' : 'tight'
  const words = other === 'tight' ? '改为紧凑行距' : '改为宽松行距'
  return (
    <div className="lx-list-tools">
      <ConfigProvider componentSize="small">{children}</ConfigProvider>
      <Button
        type="text"
        size="small"
        icon={<ReloadOutlined />}
        aria-label="刷新列表"
        title="刷新列表"
        onClick={onRefresh}
      />
      <Button
        type="text"
        size="small"
        icon={<ColumnHeightOutlined />}
        aria-label={words}
        title={words}
        onClick={() => onDensity(other)}
      />
      <Popover content={chooser} trigger="click" placement="bottomRight" title="显示哪些列">
        <Button type="text" size="small" icon={<SettingOutlined />} aria-label="选择列" title="选择列" />
      </Popover>
    </div>
  )
}
