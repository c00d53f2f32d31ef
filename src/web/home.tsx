import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { grouped } from '../base/number.ts'
import { today } from '../base/time.ts'
import { ledgerContract } from '../ledger/contract.ts'
import { connect } from '../ui/client.ts'
import { Page, Section } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { CoverageFigures } from './home-coverage.tsx'
import { Figures, RecentImports, type Summary } from './home-figures.tsx'
import { useDuties } from './home-duties.ts'

const ledger = connect(ledgerContract)

/** The first page: what needs doing now, then what the ledger holds. */
export function HomeScreen() {
  const can = useCan()
  const reads = can('ledger.unit.read')
  const summary = useQuery(ledger.summary.queryOptions({ input: {}, enabled: reads }))
  return (
    <Page title="今日" mark={<span className="lx-soft">{todayWords()}</span>}>
      {reads ? (
        <Answered query={summary} rows={9}>
          {(data) => (data.units === 0 && data.recentImports.length === 0 ? <FirstSteps /> : <Board summary={data} />)}
        </Answered>
      ) : (
        <Empty title="您的账号已启用" hint="可用的功能在左侧菜单里；菜单为空时，请联系本级管理员分配角色。" />
      )}
    </Page>
  )
}

function Board({ summary }: { summary: Summary }) {
  const duties = useDuties(summary)
  return (
    <div className="lx-home">
      <div>
        <Section title="等您办理">
          {duties.length === 0 ? <p className="lx-home-quiet">眼下没有等您办理的事。</p> : null}
          <ul className="lx-duties">
            {duties.map((duty) => (
              <li key={duty.key}>
                <b className={duty.pressing ? 'lx-duty-count lx-duty-pressing' : 'lx-duty-count'}>
                  {grouped(duty.count)}
                </b>
                <div>
                  <p>{duty.title}</p>
                  <p className="lx-soft">{duty.hint}</p>
                </div>
                <Link to={duty.to} search={duty.search ?? {}}>
                  {duty.act}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
        <RecentImports summary={summary} />
      </div>
      <div>
        <CoverageFigures />
        <Figures summary={summary} />
      </div>
    </div>
  )
}

/** An empty platform: the way to the first result. */
function FirstSteps() {
  const can = useCan()
  const navigate = useNavigate()
  const steps = [
    ['导入部门名单', '市场监管、民政、人社、税务等部门给的表，不用改格式，原样上传。'],
    ['办理待核对', '代码、名称对不上的行会留在待核对里，由人认定并到哪家。'],
    ['查台账', '按名称、拼音首字母、信用代码找到任何一家，看清每个数来自哪张表、哪一行。'],
  ] as const
  return (
    <div className="lx-first">
      <h2>台账还是空的，三步就能有一本可信的底数</h2>
      <ol>
        {steps.map(([title, words], index) => (
          <li key={title}>
            <b>{index + 1}</b>
            <div>
              <p>{title}</p>
              <p className="lx-soft">{words}</p>
            </div>
          </li>
        ))}
      </ol>
      {can('ledger.import.write') ? (
        <Button type="primary" onClick={() => void navigate({ to: '/imports' })}>
          导入第一份名单
        </Button>
      ) : (
        <p className="lx-soft">导入需要“导入文件”权限，请联系本级管理员。</p>
      )}
    </div>
  )
}

function todayWords(): string {
  const day = today(new Date())
  const weekday = '日一二三四五六'[new Date(`${day}T00:00:00Z`).getUTCDay()]
  const [year, month, date] = day.split('-').map(Number)
  return `${year} 年 ${month} 月 ${date} 日　星期${weekday}`
}
