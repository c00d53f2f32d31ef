import PlusOutlined from '@ant-design/icons/PlusOutlined'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { countyCodeShape, regionCodeShape } from '../base/list.ts'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Filters, options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { officeContract, placeKind, placeKinds, placeSort } from './contract.ts'
import { CountyPicker, RegionPicker, useOnlyCounty } from './parts.tsx'

const office = connect(officeContract)
type Place = Awaited<ReturnType<typeof office.listPlaces.call>>['rows'][number]

const filters = z.object({ text: z.string(), kind: placeKind }).partial()
const shape = z.object({
  countyCode: countyCodeShape.describe('所属县'),
  kind: placeKind.describe('类别'),
  name: z.string().trim().min(2, '名称至少 2 个字').max(80).describe('名称'),
  areaCode: regionCodeShape.describe('所在乡镇街道'),
  level: z.string().trim().max(20).nullable().default(null).describe('级别'),
  address: z.string().trim().max(200).nullable().default(null).describe('地址'),
})

const columns: readonly Column<Place>[] = [
  { key: 'name', title: '名称', width: 240, sort: 'name', required: true },
  { key: 'kind', title: '类别', width: 110, sort: 'kind', render: (place) => placeKinds[place.kind] },
  { key: 'level', title: '级别', width: 110 },
  { key: 'areaName', title: '所在乡镇街道', width: 160 },
  { key: 'address', title: '地址', width: 280 },
  { key: 'unitCount', title: '单位数', width: 90, sort: 'unitCount', numeric: true },
]

/** Parks, buildings, business circles and professional markets: they lie over the region tree. */
export function PlacesScreen() {
  const list = useListState(filters, { sort: 'name', sorts: placeSort.options })
  const can = useCan()
  const [open, setOpen] = useState<Place | 'new'>()
  const query = useQuery(
    office.listPlaces.queryOptions({
      input: {
        ...(list.filters as z.infer<typeof filters>),
        sort: list.sort,
        order: list.order,
        page: list.page,
        pageSize: list.pageSize,
      } as never,
    }),
  )
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>
      新建区域
    </Button>
  )
  return (
    <Page
      title="区域"
      description="园区、楼宇、商圈、专业市场。它们跨在区划之上，一家单位可以同时在几处。"
      actions={can('office.place.write') ? add : undefined}
    >
      <SearchTable
        name="区域"
        unit="处"
        columns={columns}
        rowKey={(place) => place.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            search={{ name: 'text', placeholder: '名称' }}
            fields={[{ kind: 'one', name: 'kind', label: '类别', options: options(placeKinds) }]}
          />
        }
        onOpen={setOpen}
        empty={{
          title: '还没有登记区域',
          hint: '登记后可以按园区、楼宇看台账。',
          ...(can('office.place.write') ? { action: add } : {}),
        }}
      />
      {open ? <PlaceDrawer place={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} /> : null}
    </Page>
  )
}

function PlaceDrawer({ place, onClose }: { place: Place | undefined; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const can = useCan()
  const ask = useConfirm()
  const only = useOnlyCounty()
  const remove = useCommand(office.removePlace.mutationOptions(), {
    done: '区域已删除',
    refresh: [office.listPlaces.key()],
  })
  const save = async (values: z.output<typeof shape>) => {
    await (place ? office.updatePlace.call({ id: place.id, ...values }) : office.createPlace.call(values))
    await client.invalidateQueries({ queryKey: office.listPlaces.key() })
  }
  const doRemove = async () => {
    if (!place) return
    const yes = await ask({
      title: `删除“${place.name}”？`,
      lose: '删除后不能恢复。里面还有单位时不能删除。',
      act: '删除',
    })
    if (yes && (await remove.run({ id: place.id }))) onClose()
  }
  return (
    <DrawerForm
      open
      title={place?.name ?? '新建区域'}
      shape={shape}
      initial={place ?? (only ? { countyCode: only, areaCode: only } : {})}
      onClose={onClose}
      onSubmit={save}
    >
      {place ? (
        <div className="lx-form-line">
          <Button onClick={() => void navigate({ to: '/units', search: { placeIds: [place.id] } })}>
            看其中 {place.unitCount.toLocaleString('zh-CN')} 家单位
          </Button>
          {can('office.place.write') ? (
            <Button danger onClick={() => void doRemove()} loading={remove.busy}>
              删除
            </Button>
          ) : null}
        </div>
      ) : null}
      <Field name="countyCode">
        <CountyPicker />
      </Field>
      <Field name="kind">
        <Select options={options(placeKinds)} />
      </Field>
      <Field name="name" />
      <Field name="areaCode" hint="跨街道的选到县。">
        <RegionPicker width="100%" label="所在乡镇街道" />
      </Field>
      <Field name="level" hint="如 国家级、省级、市级" />
      <Field name="address" />
    </DrawerForm>
  )
}
