import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { formatDateTime, today } from '../base/time.ts'
import { ledgerContract } from '../ledger/contract.ts'
import { startDownload } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { Reveal } from '../ui/reveal.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { FileField } from '../ui/file-field.tsx'
import { orgContract } from './contract.ts'
import { useUndo } from './org-changes.tsx'
import { EndForm } from './org-end-form.tsx'
import { useOrgsChanged } from './org-forms.tsx'
import { OrgPicker, TermMark } from './parts.tsx'
import { contactKinds, coverModes, orgKinds } from './words-contract.ts'
import { addContactInput, coverUnitsInput, orgWriteContract, setCharterInput } from './write-contract.ts'

const party = connect(orgContract)
const writing = connect(orgWriteContract)
const ledger = connect(ledgerContract)
type UnitParty = Awaited<ReturnType<typeof party.unitParty.call>>

/** Who covers a unit, who reaches it, and what its charter says of the Party. */
export function UnitPartyScreen() {
  const id = useParam('id')
  const unit = useQuery(ledger.getUnit.queryOptions({ input: { id } }))
  const query = useQuery(party.unitParty.queryOptions({ input: { unitId: id } }))
  return (
    <Page
      title={unit.data ? `${unit.data.name}的党建` : '单位党建'}
      trail={[
        { title: '台账', to: '/units' },
        { title: unit.data?.name ?? '单位', to: `/units/${id}` },
      ]}
      description="组织覆盖、工作覆盖和党建入章，都按日期记录。"
    >
      <Answered query={query}>
        {(found) => (
          <>
            <Covers unitId={id} found={found} />
            <Contacts unitId={id} found={found} />
            <Charters unitId={id} found={found} />
            <Changes found={found} />
          </>
        )}
      </Answered>
    </Page>
  )
}

function Covers({ unitId, found }: { unitId: string; found: UnitParty }) {
  const can = useCan()
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title="组织覆盖"
      extra={can('party.org.write') ? <Button onClick={() => setAdding(true)}>归入党组织</Button> : undefined}
    >
      {adding ? <CoverForm unitId={unitId} onClose={() => setAdding(false)} /> : null}
      {found.covers.length === 0 ? (
        <p className="lx-soft">没有党组织覆盖这家单位。</p>
      ) : (
        <table className="lx-sheet">
          <thead>
            <tr>
              <th scope="col">党组织</th>
              <th scope="col">类别</th>
              <th scope="col">覆盖方式</th>
              <th scope="col">届期</th>
              <th scope="col">自</th>
              <th scope="col">至</th>
            </tr>
          </thead>
          <tbody>
            {found.covers.map((one) => (
              <tr key={one.id} className={one.validTo ? 'lx-faint' : ''}>
                <td>
                  <Link to={`/orgs/${one.orgId}` as '/'}>{one.orgName}</Link>
                </td>
                <td>{orgKinds[one.orgKind]}</td>
                <td>{coverModes[one.mode]}</td>
                <td>{one.validTo ? '—' : <TermMark term={one.term} />}</td>
                <td>{one.validFrom}</td>
                <td>{one.validTo ?? '今'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

function CoverForm({ unitId, onClose }: { unitId: string; onClose: () => void }) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title="归入党组织"
      shape={coverUnitsInput}
      initial={{ unitIds: [unitId], mode: 'joint', from: today(new Date()), move: true }}
      onClose={onClose}
      onSubmit={async (values) => {
        await writing.coverUnits.call(values)
        await changed()
      }}
    >
      <Field name="id" label="党组织">
        <OrgPicker />
      </Field>
      <Field name="mode">
        <Select options={options(coverModes)} />
      </Field>
      <Field name="from">
        <input type="date" className="lx-day" />
      </Field>
      <Field name="move" label="原来的党组织" valuePropName="checked">
        <Checkbox>从原来的党组织转来：原来的覆盖到这一天为止</Checkbox>
      </Field>
      <Field name="reason" />
    </DrawerForm>
  )
}

function Contacts({ unitId, found }: { unitId: string; found: UnitParty }) {
  const can = useCan()
  const [adding, setAdding] = useState(false)
  const [ending, setEnding] = useState<UnitParty['contacts'][number]>()
  const mayWrite = can('party.org.write')
  const reveal = (id: string, field: 'name' | 'phone') => async (purpose: string) =>
    (await party.revealContact.call({ id, field, purpose })).value
  return (
    <Section title="工作覆盖" extra={mayWrite ? <Button onClick={() => setAdding(true)}>登记</Button> : undefined}>
      {found.contacts.length === 0 ? (
        <p className="lx-soft">没有指导员、联络员，也没有登记工会、共青团。</p>
      ) : (
        <table className="lx-sheet">
          <thead>
            <tr>
              <th scope="col">种类</th>
              <th scope="col">姓名</th>
              <th scope="col">单位及职务</th>
              <th scope="col">电话</th>
              <th scope="col">自</th>
              <th scope="col">至</th>
              <th scope="col" aria-label="操作" />
            </tr>
          </thead>
          <tbody>
            {found.contacts.map((one) => (
              <tr key={one.id} className={one.validTo ? 'lx-faint' : ''}>
                <td>{contactKinds[one.kind]}</td>
                <td>
                  <Reveal
                    label="姓名"
                    masked={one.name}
                    allowed={can('party.org.reveal')}
                    reveal={reveal(one.id, 'name')}
                  />
                </td>
                <td>{one.employer ?? '—'}</td>
                <td>
                  <Reveal
                    label="电话"
                    masked={one.phone}
                    allowed={can('party.org.reveal')}
                    reveal={reveal(one.id, 'phone')}
                  />
                </td>
                <td>{one.validFrom}</td>
                <td>{one.validTo ?? '今'}</td>
                <td>
                  {mayWrite && !one.validTo ? (
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
      {adding ? <ContactForm unitId={unitId} onClose={() => setAdding(false)} /> : null}
      {ending ? (
        <EndForm
          title={`结束${contactKinds[ending.kind]}`}
          onEnd={(values) => writing.endContact.call({ id: ending.id, ...values })}
          onClose={() => setEnding(undefined)}
        />
      ) : null}
    </Section>
  )
}

function ContactForm({ unitId, onClose }: { unitId: string; onClose: () => void }) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title="登记工作覆盖"
      shape={addContactInput}
      initial={{ unitId, kind: 'instructor', from: today(new Date()) }}
      onClose={onClose}
      onSubmit={async (values) => {
        await writing.addContact.call(values)
        await changed()
      }}
    >
      <Field name="kind">
        <Select options={options(contactKinds)} />
      </Field>
      <Field name="name" hint="指导员、联络员必填；加密保存。" />
      <Field name="employer" />
      <Field name="phone" hint="加密保存，只显示前三后四位。" />
      <Field name="source" hint="如 选派文件文号" />
      <Field name="from">
        <input type="date" className="lx-day" />
      </Field>
    </DrawerForm>
  )
}

function Charters({ unitId, found }: { unitId: string; found: UnitParty }) {
  const can = useCan()
  const [adding, setAdding] = useState(false)
  const download = useCommand(writing.downloadCharter.mutationOptions())
  const fetchFile = async (id: string) => {
    const answer = await download.run({ id })
    if (answer) startDownload(answer.url)
  }
  return (
    <Section
      title="党建入章"
      extra={can('party.org.write') ? <Button onClick={() => setAdding(true)}>登记</Button> : undefined}
    >
      {found.charters.length === 0 ? (
        <p className="lx-soft">没有登记章程是否写入党建。</p>
      ) : (
        <ul className="lx-lines">
          {found.charters.map((one) => (
            <li key={one.id}>
              <p>
                <Mark tone={one.hasClause ? 'good' : 'warn'}>{one.hasClause ? '已写入章程' : '没有写入章程'}</Mark>
                {one.fileName ? (
                  <Button type="link" size="small" onClick={() => void fetchFile(one.id)}>
                    {one.fileName}
                  </Button>
                ) : null}
              </p>
              <span className="lx-soft">
                {one.validFrom} 至 {one.validTo ?? '今'}
                {one.source ? ` · ${one.source}` : ''}
              </span>
            </li>
          ))}
        </ul>
      )}
      {adding ? <CharterForm unitId={unitId} onClose={() => setAdding(false)} /> : null}
    </Section>
  )
}

function CharterForm({ unitId, onClose }: { unitId: string; onClose: () => void }) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title="登记党建入章"
      shape={setCharterInput}
      initial={{ unitId, hasClause: true, from: today(new Date()) }}
      onClose={onClose}
      onSubmit={async (values) => {
        await writing.setCharter.call(values)
        await changed()
      }}
    >
      <Field name="hasClause" valuePropName="checked">
        <Checkbox>章程已写入党的建设</Checkbox>
      </Field>
      <Field name="from">
        <input type="date" className="lx-day" max={today(new Date())} />
      </Field>
      <Field name="source" />
      <Field name="fileId">
        <FileField />
      </Field>
    </DrawerForm>
  )
}

function Changes({ found }: { found: UnitParty }) {
  const can = useCan()
  const undo = useUndo()
  if (found.changes.length === 0) return null
  return (
    <Section title="最近的变动">
      <ul className="lx-lines">
        {found.changes.map((one) => (
          <li key={one.id}>
            <p>
              {one.title}
              {one.undoneAt ? <Mark>已撤销：{one.undoneReason}</Mark> : null}
              {can('party.org.write') && !one.undoneAt && one.kind !== 'import' ? (
                <Button type="link" size="small" onClick={() => void undo(one)}>
                  撤销
                </Button>
              ) : null}
            </p>
            <span className="lx-soft">
              {one.effectiveOn ? `${one.effectiveOn} 起 · ` : ''}
              {one.author} · {formatDateTime(new Date(one.at))}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
