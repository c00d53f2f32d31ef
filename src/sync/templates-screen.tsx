import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { CountyPage } from '../office/parts.tsx'
import { unitKinds } from '../ledger/field-contract.ts'
import { Mark, Section } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { SyncDays } from './sync-days.tsx'
import { dueUnits, triggers } from './rules.ts'
import { sync, type Template } from './sync-client.tsx'
import { SyncNav } from './sync-nav.tsx'

const TemplateForm = lazy(() => import('./template-form.tsx').then((m) => ({ default: m.TemplateForm })))
const SwitchForm = lazy(() => import('./template-form.tsx').then((m) => ({ default: m.SwitchForm })))

/** 模板与节假日: which practices a county follows, its own ones, and its working days. */
export function SyncTemplatesScreen() {
  return (
    <CountyPage
      title="同步"
      description="内置各地做法，默认不启用；启用后，这一天及以后发生的才列入。改动只对以后的事件有效。"
      nav={<SyncNav />}
      hint="模板和节假日全县一套。"
    >
      {(county) => (
        <>
          <Templates county={county} />
          <SyncDays county={county} />
        </>
      )}
    </CountyPage>
  )
}

function Templates({ county }: { county: string }) {
  const can = useCan()
  const [open, setOpen] = useState<{ what: 'edit' | 'switch'; template?: Template }>()
  const query = useQuery(sync.listTemplates.queryOptions({ input: { countyCode: county } }))
  const close = () => setOpen(undefined)
  return (
    <Section
      title="模板"
      extra={can('sync.define') ? <Button onClick={() => setOpen({ what: 'edit' })}>新建模板</Button> : undefined}
    >
      <Answered query={query}>
        {({ templates }) => (
          <table className="lx-sheet lx-sheet-wide">
            <thead>
              <tr>
                <th scope="col">模板</th>
                <th scope="col">由什么引起</th>
                <th scope="col">党建事项和期限</th>
                <th scope="col">依据</th>
                <th scope="col">状态</th>
                <th scope="col" aria-label="操作" />
              </tr>
            </thead>
            <tbody>
              {templates.map((one) => (
                <tr key={one.key}>
                  <td>{one.told.title}</td>
                  <td>{concerning(one)}</td>
                  <td>
                    {one.told.items.map((item) => (
                      <div key={item.key}>
                        {item.title}
                        <span className="lx-faint">（{termOf(one, item)}）</span>
                      </div>
                    ))}
                  </td>
                  <td>
                    {one.told.source}
                    <div className="lx-faint">{one.version === 0 ? '内置' : `第 ${one.version} 版，${one.author}`}</div>
                  </td>
                  <td>
                    {one.inUse ? <Mark tone="good">{one.effectiveOn} 起用</Mark> : <Mark>没有启用</Mark>}
                    {one.events > 0 ? (
                      <div>
                        <Link
                          to="/sync/items"
                          search={{ region: county, templateKey: one.key, running: true }}
                          className="lx-soft"
                        >
                          进行中 {one.events} 件
                        </Link>
                      </div>
                    ) : null}
                  </td>
                  <td>
                    {can('sync.define') ? (
                      <>
                        <Button type="link" size="small" onClick={() => setOpen({ what: 'switch', template: one })}>
                          {one.inUse ? '停用' : '启用'}
                        </Button>
                        <Button type="link" size="small" onClick={() => setOpen({ what: 'edit', template: one })}>
                          修改
                        </Button>
                      </>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answered>
      <Suspense>
        {open?.what === 'edit' ? <TemplateForm county={county} template={open.template} onClose={close} /> : null}
        {open?.what === 'switch' ? <SwitchForm county={county} template={open.template!} onClose={close} /> : null}
      </Suspense>
    </Section>
  )
}

/** 开工建设后 30 天 */
function termOf({ told }: Template, item: Template['told']['items'][number]): string {
  const after =
    told.milestones.length > 1 ? `${told.milestones.find((one) => one.key === item.milestone)!.title}后 ` : ''
  return `${after}${item.term === 0 ? '当日' : `${item.term} ${dueUnits[item.unit]}`}`
}

function concerning({ told }: Template): string {
  const kinds = told.kinds.map((kind) => unitKinds[kind]).join('、')
  const code = told.codePrefix ? `代码 ${told.codePrefix} 开头` : ''
  return [triggers[told.trigger], kinds, code, told.inPark ? '在园区' : ''].filter(Boolean).join('，')
}
