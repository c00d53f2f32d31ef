import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { Facts } from '../ui/facts.tsx'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { Reveal } from '../ui/reveal.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { type AssignmentRow, distanceText, type InstructorPage, instructors } from './instructor-client.tsx'
import { origins, skillsText } from './rules.ts'

const EditInstructor = lazy(() => import('./instructor-form.tsx').then((m) => ({ default: m.EditInstructor })))
const EndInstructor = lazy(() => import('./assignment-forms.tsx').then((m) => ({ default: m.EndInstructor })))
const EndAssignment = lazy(() => import('./assignment-forms.tsx').then((m) => ({ default: m.EndAssignment })))
const AssignUnit = lazy(() => import('./assignment-forms.tsx').then((m) => ({ default: m.AssignUnit })))

/** One instructor: what is known, and which units are looked after. */
export function InstructorScreen() {
  const id = useParam('id')
  const query = useQuery(instructors.getInstructor.queryOptions({ input: { id } }))
  const page = query.data
  return (
    <Page
      title={page ? `指导员 ${page.name}` : '指导员'}
      trail={[{ title: '指导员', to: '/instructors' }]}
      mark={page?.to ? <Mark>{page.to} 离任</Mark> : undefined}
      actions={page ? <Acts page={page} /> : undefined}
    >
      <Answered query={query}>
        {(found) => (
          <>
            <What page={found} />
            <Units page={found} />
          </>
        )}
      </Answered>
    </Page>
  )
}

function Acts({ page }: { page: InstructorPage }) {
  const can = useCan()
  const [open, setOpen] = useState<'edit' | 'end' | 'assign'>()
  if (!can('instructor.handle') || page.to) return null
  const close = () => setOpen(undefined)
  return (
    <>
      <Button onClick={() => setOpen('end')}>离任</Button>
      <Button onClick={() => setOpen('edit')}>修改</Button>
      <Button type="primary" onClick={() => setOpen('assign')}>
        派到单位
      </Button>
      <Suspense>
        {open === 'edit' ? <EditInstructor page={page} onClose={close} /> : null}
        {open === 'end' ? <EndInstructor page={page} onClose={close} /> : null}
        {open === 'assign' ? <AssignUnit instructorId={page.id} onClose={close} /> : null}
      </Suspense>
    </>
  )
}

function What({ page }: { page: InstructorPage }) {
  const can = useCan()
  const reveal = (field: 'name' | 'phone') => async (purpose: string) =>
    (await instructors.revealInstructor.call({ id: page.id, field, purpose })).value
  const allowed = can('instructor.reveal')
  return (
    <Facts
      columns={3}
      items={[
        { label: '姓名', value: <Reveal label="姓名" masked={page.name} allowed={allowed} reveal={reveal('name')} /> },
        {
          label: '电话',
          value: <Reveal label="电话" masked={page.phone} allowed={allowed} reveal={reveal('phone')} />,
        },
        { label: '工作单位', value: page.employer },
        { label: '选派来源', value: origins[page.origin] },
        { label: '乡镇街道', value: page.areaName },
        {
          label: '现联系',
          value: `${page.units} 家，最多 ${page.capacity} 家`,
          source: page.ownCapacity === null ? '按规则' : '单独规定',
        },
        { label: '熟悉行业', value: skillsText(page.skills) },
        { label: '选派日期', value: page.from },
        { label: '位置', value: page.longitude === null ? '按乡镇街道中心估计' : '有坐标' },
        ...(page.endedReason ? [{ label: '离任原因', value: page.endedReason, wide: true }] : []),
      ]}
    />
  )
}

function Units({ page }: { page: InstructorPage }) {
  const can = useCan()
  const [ending, setEnding] = useState<AssignmentRow>()
  return (
    <Section title="联系单位">
      {page.assignments.length === 0 ? (
        <Empty title="还没有派到单位" hint="可以单独派，也可以到“安排”里一并安排。" />
      ) : (
        <table className="lx-sheet lx-sheet-wide">
          <thead>
            <tr>
              <th scope="col">单位</th>
              <th scope="col">乡镇街道</th>
              <th scope="col">距离</th>
              <th scope="col">起止</th>
              <th scope="col">依据</th>
              <th scope="col" aria-label="操作" />
            </tr>
          </thead>
          <tbody>
            {page.assignments.map((one) => (
              <tr key={one.id} className={one.to ? 'lx-faint' : ''}>
                <td>
                  <Link to={`/units/${one.unitId}`}>{one.unitName}</Link>
                </td>
                <td>{one.areaName}</td>
                <td>{distanceText(one.metres, one.measured)}</td>
                <td>
                  {one.from} 至 {one.to ?? '今'}
                </td>
                <td>
                  {one.source}
                  {one.endedReason ? `；结束：${one.endedReason}` : ''}
                </td>
                <td>
                  {can('instructor.handle') && one.to === null ? (
                    <Button type="link" size="small" onClick={() => setEnding(one)}>
                      结束
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Suspense>{ending ? <EndAssignment row={ending} onClose={() => setEnding(undefined)} /> : null}</Suspense>
    </Section>
  )
}
