import { sql } from 'kysely'
import { runChores } from '../host/chores.ts'
import { callAsOperator, type Command, operatorOf } from '../host/command.ts'
import { scoped } from '../host/database.ts'
import { textTable } from '../host/text-table.ts'

const status: Command = {
  name: 'coverage status',
  usage: '',
  summary: '各县覆盖情况算到哪一天、还有多少变动待算。',
  async run(shell) {
    const running = await shell.platform()
    const rows = await scoped(running.database, (await operatorOf(running)).scope, async (tx) => {
      const found = await sql<{
        county_code: string
        day: string
        opened_on: string | null
        units: number
        waiting: number
      }>`
        select c.county_code, c.day, c.opened_on,
          (select count(*) from unit_state s where s.county_code = c.county_code and s.valid_to is null) as units,
          (select coalesce(sum(cardinality(t.unit_ids)), 0) from touch t where t.county_code = c.county_code) as waiting
        from coverage_county c order by c.county_code`.execute(tx)
      return found.rows
    })
    const lines = rows.map((row) => [
      row.county_code,
      row.opened_on === null ? '首次计算中' : row.day,
      String(row.units),
      String(row.waiting),
    ])
    shell.print(textTable(['县', '算到', '统计单位', '待算变动'], lines))
    return 0
  },
}

const rebuild: Command = {
  name: 'coverage rebuild',
  usage: '<县代码…> [--history 理由]',
  summary: '重算这些县今天的覆盖情况与全部合计；--history 另按现有事实回填过去（建账用，上报过的县不可）。',
  options: { history: { type: 'string' } },
  async run(shell, { words, values }) {
    const running = await shell.platform()
    const reason = typeof values['history'] === 'string' ? values['history'] : undefined
    for (const countyCode of words) {
      const input = { countyCode, ...(reason === undefined ? {} : { history: true, reason }) }
      const { units } = await callAsOperator<{ units: number }>(running, 'coverage.rebuildCoverage', input)
      shell.print(`${countyCode}：重算 ${units} 家单位。`)
    }
    await runChores(running)
    return words.length > 0 ? 0 : 2
  },
}

/** The coverage room's commands. */
export const coverageCommands: readonly Command[] = [status, rebuild]
