import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { addDays, addMonths, today } from '../base/time.ts'
import { RegionPicker } from '../office/parts.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { Answered } from '../ui/states.tsx'
import { sync } from './sync-client.tsx'
import { SyncNav } from './sync-nav.tsx'

const shape = z.object({ region: regionCodeShape, month: z.string().regex(/^\d{4}-\d{2}$/) }).partial()
const weekdays = ['一', '二', '三', '四', '五', '六', '日']

/** The weeks that a month touches, from Monday to Sunday. */
function weeksOf(month: string): string[][] {
  const first = `${month}-01`
  const end = addMonths(first, 1)
  const weeks: string[][] = []
  for (let at = addDays(first, -((new Date(first).getUTCDay() + 6) % 7)); at < end; at = addDays(at, 7))
    weeks.push(Array.from({ length: 7 }, (_, day) => addDays(at, day)))
  return weeks
}

/** The month: how many steps are due on each day. */
export function SyncCalendarScreen() {
  const list = useListState(shape)
  const now = today(new Date())
  const { region, month = now.slice(0, 7) } = list.filters
  const query = useQuery(
    sync.getCalendar.queryOptions({ input: { month, ...(region ? { region } : {}) }, meta: { keep: true } }),
  )
  const go = (months: number) => list.filter({ month: addMonths(`${month}-01`, months).slice(0, 7) })
  return (
    <Page
      title="同步"
      description="每天到期的事项数；点开看是哪些。"
      actions={<RegionPicker value={region} onChange={(code) => list.filter({ region: code })} width={168} />}
    >
      <SyncNav />
      <div className="lx-step-acts">
        <Button onClick={() => go(-1)}>上月</Button>
        <Button onClick={() => list.filter({ month: undefined })}>本月</Button>
        <Button onClick={() => go(1)}>下月</Button>
        <b>
          {month.slice(0, 4)} 年 {Number(month.slice(5))} 月
        </b>
      </div>
      <Answered query={query}>
        {({ days }) => {
          const counts = new Map(days.map((one) => [one.day, one]))
          return (
            <table className="lx-month">
              <thead>
                <tr>
                  {weekdays.map((word) => (
                    <th key={word} scope="col">
                      {word}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {weeksOf(month).map((week) => (
                  <tr key={week[0]}>
                    {week.map((day) => (
                      <Day key={day} day={day} now={now} month={month} region={region} count={counts.get(day)} />
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }}
      </Answered>
    </Page>
  )
}

function Day(props: {
  day: string
  now: string
  month: string
  region: string | undefined
  count: { open: number; done: number; skipped: number } | undefined
}) {
  const { day, now, month, region, count } = props
  const search = { ...(region ? { region } : {}), dueFrom: day, dueTo: day }
  const kind = day.startsWith(month) ? (day === now ? 'lx-month-today' : '') : 'lx-month-out'
  return (
    <td className={kind}>
      <time dateTime={day}>{Number(day.slice(8))}</time>
      {count && count.open > 0 ? (
        <Link to="/sync/items" search={{ ...search, state: 'open' }}>
          {day < now ? '逾期' : '待办'} {count.open}
        </Link>
      ) : null}
      {count && count.done > 0 ? (
        <Link to="/sync/items" search={{ ...search, state: 'done' }} className="lx-soft">
          已办 {count.done}
        </Link>
      ) : null}
      {count && count.skipped > 0 ? (
        <Link to="/sync/items" search={{ ...search, state: 'skipped' }} className="lx-soft">
          不办 {count.skipped}
        </Link>
      ) : null}
    </td>
  )
}
