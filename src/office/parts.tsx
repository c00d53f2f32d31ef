import { type MutationOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Select, TreeSelect } from 'antd'
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { z } from 'zod'
import { countyCodeShape } from '../base/list.ts'
import { isCounty } from '../base/region.ts'
import { connect } from '../ui/client.ts'
import type { FilterField } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { type JobLike, JobProgress } from '../ui/progress.tsx'
import { useCommand } from '../ui/query.ts'
import { Empty } from '../ui/states.tsx'
import { officeContract } from './contract.ts'
import type { ExportFormProps } from './export-form.tsx'
import type { ImportFormProps, ReadRows } from './import-form.tsx'

const office = connect(officeContract)

interface RegionNode {
  value: string
  title: string
  isLeaf: boolean
  selectable: boolean
  children?: RegionNode[]
}

export interface RegionPickerProps {
  value?: string | undefined
  onChange?: (code: string | undefined) => void
  /** Roots of the tree; the regions the person looks after when left out. */
  from?: readonly { code: string; name: string }[]
  placeholder?: string
  width?: number | string
  label?: string
}

/** Chooses one region by unfolding the tree from what the person looks after. */
export function RegionPicker({
  value,
  onChange,
  from,
  placeholder = '区划',
  width = 200,
  label = '区划',
}: RegionPickerProps) {
  const me = useQuery(office.me.queryOptions())
  const [children, setChildren] = useState<Record<string, RegionNode[]>>({})
  const client = useQueryClient()
  const name = useQuery(office.getRegion.queryOptions({ input: { code: value ?? '' }, enabled: Boolean(value) }))
  const own = me.data?.regions
  const tree = useMemo(
    () => (from ?? own ?? []).map((root) => nodeOf({ ...root, selectable: true, hasChildren: true }, children)),
    [from, own, children],
  )
  const known = value !== undefined && contains(tree, value)
  const load = async (code: string) => {
    if (children[code]) return
    const { rows } = await client.ensureQueryData(
      office.listRegions.queryOptions({ input: { parent: code, limit: 500 } }),
    )
    setChildren((now) => ({ ...now, [code]: rows.map((row) => nodeOf(row, {})) }))
  }
  return (
    <TreeSelect
      aria-label={label}
      style={{ width }}
      placeholder={placeholder}
      allowClear
      popupMatchSelectWidth={false}
      styles={{ popup: { root: { minWidth: 260, maxHeight: 420, overflow: 'auto' } } }}
      value={value === undefined ? null : known ? value : { value, label: name.data?.fullName ?? value }}
      treeData={
        known || value === undefined
          ? tree
          : [...tree, { value, title: name.data?.fullName ?? value, isLeaf: true, selectable: true }]
      }
      loadData={(node) => load(String(node.value))}
      onChange={(next: unknown) => onChange?.(typeof next === 'string' && next ? next : undefined)}
    />
  )
}

function nodeOf(
  region: { code: string; name: string; selectable: boolean; hasChildren: boolean },
  children: Record<string, RegionNode[]>,
): RegionNode {
  const below = children[region.code]
  return {
    value: region.code,
    title: region.name,
    isLeaf: !region.hasChildren,
    selectable: region.selectable,
    ...(below
      ? {
          children: below.map((node) => ({
            ...node,
            ...(children[node.value] ? nodeOf(asRegion(node), children) : {}),
          })),
        }
      : {}),
  }
}

function asRegion(node: RegionNode) {
  return { code: node.value, name: node.title, selectable: node.selectable, hasChildren: !node.isLeaf }
}

function contains(nodes: readonly RegionNode[], code: string): boolean {
  return nodes.some((node) => node.value === code || contains(node.children ?? [], code))
}

/** How many counties `me` names; who looks after more finds theirs by searching. */
const countiesNamed = 200

/** Chooses one of the counties in the person's scope; stands still when there is only one. */
export function CountyPicker(props: { value?: string | undefined; onChange?: (code: string) => void; id?: string }) {
  const me = useQuery(office.me.queryOptions())
  const [text, setText] = useState('')
  const counties = me.data?.counties ?? []
  const many = counties.length >= countiesNamed
  const search = useQuery(office.listRegions.queryOptions({ input: { text, limit: 50 }, enabled: many && text !== '' }))
  const chosen = useQuery(
    office.getRegion.queryOptions({ input: { code: props.value ?? '' }, enabled: many && props.value !== undefined }),
  )
  const found = (search.data?.rows ?? []).filter((region) => isCounty(region.code))
  const options = many
    ? [...found, ...(chosen.data && !found.some((one) => one.code === chosen.data.code) ? [chosen.data] : [])].map(
        (one) => ({
          value: one.code,
          label: one.fullName,
        }),
      )
    : counties.map((county) => ({ value: county.code, label: county.name }))
  const only = counties.length === 1 ? counties[0]?.code : undefined
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      aria-label="所属县"
      style={{ minWidth: 260 }}
      popupMatchSelectWidth={260}
      showSearch={many ? { filterOption: false, onSearch: setText } : { optionFilterProp: 'label' }}
      placeholder={many ? '输入县名或拼音首字母' : '选择所属县'}
      notFoundContent={many && !text ? '请输入县名、代码或拼音首字母' : search.isFetching ? '正在查找…' : '没有这个县'}
      disabled={only !== undefined && props.value === only}
      value={props.value ?? null}
      options={options}
      onChange={(next: string) => props.onChange?.(next)}
    />
  )
}

/** The county a new thing goes to when the person looks after just one; undefined while unknown or when there are several. */
export function useOnlyCounty(): string | undefined {
  const me = useQuery(office.me.queryOptions())
  return me.data?.counties.length === 1 ? me.data.counties[0]?.code : undefined
}

const countyShape = z.object({ county: countyCodeShape }).partial()

/**
 * A screen about one county; who looks after several chooses one, which stands in the address.
 *
 * ```tsx
 * <CountyPage title="组建办理" nav={<FoundingNav />} hint="期限全县一套。">{(county) => <Terms county={county} />}</CountyPage>
 * ```
 */
export function CountyPage(props: {
  title: string
  description: string
  nav: ReactNode
  hint: string
  children: (county: string) => ReactNode
}) {
  const list = useListState(countyShape)
  const only = useOnlyCounty()
  const county = list.filters.county ?? only
  return (
    <Page
      title={props.title}
      description={props.description}
      actions={only ? undefined : <CountyPicker value={county} onChange={(code) => list.filter({ county: code })} />}
    >
      {props.nav}
      {county ? <div key={county}>{props.children(county)}</div> : <Empty title="请先选择一个县" hint={props.hint} />}
    </Page>
  )
}

function RegionName({ code }: { code: string }) {
  const region = useQuery(office.getRegion.queryOptions({ input: { code } }))
  return <>{region.data?.name ?? code}</>
}

/** The filter `region` of a list: chosen in the tree, named where it is set. */
export const regionField: FilterField = {
  kind: 'own',
  name: 'region',
  label: '区划',
  render: (value, set) => <RegionPicker value={value as string | undefined} onChange={set} width={168} />,
  text: (value) => <RegionName code={String(value)} />,
}

/** Chooses several overlay areas (parks, buildings, business circles, markets) by name. */
export function PlacePicker(props: {
  value?: readonly string[] | undefined
  onChange?: (ids: string[] | undefined) => void
  countyCode?: string
  width?: number | string
}) {
  const [text, setText] = useState('')
  const input = {
    pageSize: 100,
    ...(text ? { text } : {}),
    ...(props.countyCode ? { countyCode: props.countyCode } : {}),
  }
  const places = useQuery(office.listPlaces.queryOptions({ input }))
  return (
    <Select
      aria-label="园区楼宇"
      mode="multiple"
      {...(props.width
        ? {}
        : { maxTagCount: 0, maxTagPlaceholder: (left: readonly unknown[]) => `园区楼宇 · ${left.length}` })}
      style={{ width: props.width ?? 148 }}
      placeholder="园区楼宇"
      allowClear
      popupMatchSelectWidth={false}
      showSearch={{ filterOption: false, onSearch: setText }}
      notFoundContent={places.isFetching ? '正在查找…' : '还没有登记园区、楼宇'}
      value={[...(props.value ?? [])]}
      options={(places.data?.rows ?? []).map((place) => ({ value: place.id, label: place.name }))}
      onChange={(next: string[]) => props.onChange?.(next.length ? next : undefined)}
    />
  )
}

export interface JobPanelProps {
  jobId: string
  onEnded?: () => void
  /** Shows a download button when the job left a file. */
  download?: string
}

/** Follows a job with its cancel button and, when it leaves a file, the download. */
export function JobPanel({ jobId, onEnded, download }: JobPanelProps) {
  const cancel = useCommand(office.cancelJob.mutationOptions(), { refresh: [office.getJob.key()] })
  const fetchFile = useDownload()
  return (
    <JobProgress
      query={office.getJob.queryOptions({ input: { id: jobId } })}
      onCancel={() => cancel.run({ id: jobId })}
      onEnded={onEnded}
      done={(job: { downloadable?: boolean } & JobLike) =>
        download && job.downloadable ? (
          <Button type="primary" size="small" onClick={() => void fetchFile(jobId)}>
            {download}
          </Button>
        ) : null
      }
    />
  )
}

/** Downloads the file that a job left. */
export function useDownload(): (jobId: string) => Promise<void> {
  const ticket = useCommand(office.downloadJob.mutationOptions())
  return async (jobId) => {
    const answer = await ticket.run({ id: jobId })
    if (answer) startDownload(answer.url)
  }
}

/** Lets the browser fetch a file under the name the server gives it. */
export function startDownload(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

const ExportForm = lazy(() => import('./export-form.tsx').then((m) => ({ default: m.ExportForm })))

/**
 * Takes a list out as a file, for a stated purpose.
 *
 * ```tsx
 * <ExportDialog title="导出组建台账（12 家）" note="名单里只有人数。" onClose={close}
 *   start={(wanted) => start.run({ ...filters, ...wanted })} />
 * ```
 */
export function ExportDialog<F extends string = 'xlsx' | 'csv'>(props: ExportFormProps<F>) {
  return (
    <Suspense>
      <ExportForm {...(props as unknown as ExportFormProps<string>)} />
    </Suspense>
  )
}

/** An operation that starts a job which leaves a file: it is asked for a list, a format and a purpose. */
interface ExportOperation<I> {
  mutationOptions: () => MutationOptions<{ jobId: string }, Error, I>
}

export interface ExportButtonProps<I, F extends string> extends Omit<ExportFormProps<F>, 'start' | 'onClose'> {
  operation: ExportOperation<I>
  /** What the operation is asked for besides format and purpose: the filters of the list. */
  input: Omit<I, 'format' | 'purpose'>
  disabled?: boolean
}

/**
 * The button that takes a list out as a file, with its dialog; further choices stand in the dialog as children.
 *
 * ```tsx
 * <ExportButton operation={linkage.exportQueue} input={filters} title={`导出 ${grouped(total)} 行待核对`} />
 * ```
 */
export function ExportButton<I, F extends string = 'xlsx' | 'csv'>(props: ExportButtonProps<I, F>) {
  const { operation, input, disabled, ...form } = props
  const [open, setOpen] = useState(false)
  const command = useCommand(operation.mutationOptions())
  const onlyOne = form.formats !== undefined && Object.keys(form.formats).length < 2
  const start = ({ format, purpose }: { format: F; purpose: string }) =>
    command.run({ ...input, purpose, ...(onlyOne ? {} : { format }) } as I)
  return (
    <>
      <Button disabled={disabled === true} onClick={() => setOpen(true)}>
        导出
      </Button>
      {open ? <ExportDialog {...form} start={start} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

const ImportForm = lazy(() => import('./import-form.tsx').then((m) => ({ default: m.ImportForm })))

/**
 * Brings a table in: checked row by row first, kept when the person has seen what comes of it.
 *
 * ```tsx
 * <ImportDialog title="导入指导员名册" unit="名" hint="姓名、乡镇街道" kept={(found: Kept) => found.kept} refresh={instructors.key()}
 *   words={(found, checked) => `${checked ? '可以登记' : '已登记'} ${found.kept} 名`} onClose={close}
 *   start={(fileId, checkOnly) => start.run({ countyCode, fileId, checkOnly })} />
 * ```
 */
export function ImportDialog<R extends ReadRows>(props: ImportFormProps<R>) {
  return (
    <Suspense>
      <ImportForm {...(props as unknown as ImportFormProps<ReadRows>)} />
    </Suspense>
  )
}
