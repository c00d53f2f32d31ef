import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { Problem } from '../base/problem.ts'
import { actAsOperator, callAsOperator, type Command, operatorOf } from '../host/command.ts'
import { textTable } from '../host/text-table.ts'
import { storeUpload } from '../host/uploads.ts'
import { userStates } from './contract.ts'
import { createUserFromCommand } from './seed.ts'

interface UserRow {
  account: string
  name: string
  state: keyof typeof userStates
  roles: { name: string }[]
  regions: { name: string }[]
}

const users: Command = {
  name: 'users',
  usage: '',
  summary: '列出用户',
  async run(shell) {
    const platform = await shell.platform()
    const rows: UserRow[] = []
    for (let page = 1; ; page += 1) {
      const answer = await callAsOperator<{ rows: UserRow[]; total: number }>(platform, 'office.listUsers', {
        page,
        pageSize: 200,
      })
      rows.push(...answer.rows)
      if (rows.length >= answer.total || answer.rows.length === 0) break
    }
    const names = (list: { name: string }[]) => list.map((one) => one.name).join('、')
    shell.print(
      textTable(
        ['账号', '姓名', '状态', '角色', '区划'],
        rows.map((one) => [one.account, one.name, userStates[one.state], names(one.roles), names(one.regions)]),
      ),
    )
    return 0
  },
}

const addUser: Command = {
  name: 'users add',
  usage: '<账号> <姓名> --role 角色名… --region 12位代码… [--exclude 代码…]',
  summary: '新建用户，打印 72 小时内有效的一次性链接，由本人设密码',
  options: {
    role: { type: 'string', multiple: true },
    region: { type: 'string', multiple: true },
    exclude: { type: 'string', multiple: true },
  },
  async run(shell, { values, words: [account, name] }) {
    const roles = texts(values['role'])
    const regions = texts(values['region'])
    if (!account || !name || roles.length === 0 || regions.length === 0) {
      throw new Problem(
        'invalid',
        `请写明账号、姓名、至少一个角色和一个区划。用法：liangxin users add ${addUser.usage}`,
      )
    }
    const user = { account, name, roles, regions, excludedRegions: texts(values['exclude']) }
    const { link } = await actAsOperator(await shell.platform(), 'command.addUser', (ctx) =>
      createUserFromCommand(ctx, user),
    )
    shell.print(`已新建用户 ${account}。请把这个链接交给本人，72 小时内有效，只显示这一次：\n  ${link}`)
    return 0
  },
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

const loadRegions: Command = {
  name: 'regions load',
  usage: '<文件.csv> --year 年份',
  summary: '载入区划：代码,名称[,停用年份,承接代码]；村社区一级也从这里载入',
  options: { year: { type: 'string' } },
  async run(shell, { values, words: [path] }) {
    if (!path) throw new Problem('invalid', `请写明文件。用法：liangxin regions load ${loadRegions.usage}`)
    const platform = await shell.platform()
    const call = { actor: await operatorOf(platform), address: '本机', userAgent: 'liangxin' }
    const { output } = await storeUpload(platform, call, basename(path), createReadStream(path))
    const input = { fileId: (output as { fileId: string }).fileId, year: Number(values['year']) }
    const done = await callAsOperator<{ added: number; renamed: number; retired: number }>(
      platform,
      'office.loadRegions',
      input,
    )
    shell.print(`新增 ${done.added} 个，改名 ${done.renamed} 个，停用 ${done.retired} 个。`)
    return 0
  },
}

/** The office's part of the command line. */
export const officeCommands: readonly Command[] = [users, addUser, loadRegions]
