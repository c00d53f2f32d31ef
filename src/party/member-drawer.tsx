import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Drawer } from 'antd'
import { connect } from '../ui/client.ts'
import { type FactItem, Facts } from '../ui/facts.tsx'
import { Section } from '../ui/page.tsx'
import { Reveal } from '../ui/reveal.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { memberContract, memberKinds, relations } from './member-contract.ts'

const party = connect(memberContract)
type MemberPage = Awaited<ReturnType<typeof party.getMember.call>>

/** One member: what the rosters say today and said before, and where the person was found insured. */
export function MemberDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(party.getMember.queryOptions({ input: { id } }))
  return (
    <Drawer open title="党员记录" size={640} onClose={onClose} destroyOnHidden>
      <Answered query={query}>
        {(member) => (
          <>
            <Facts columns={2} items={factsOf(member)} />
            <Section title="名册比对所见">
              <Insured member={member} />
            </Section>
            <Section title="历次名册">
              <ul className="lx-lines">
                {member.versions.toReversed().map((version) => (
                  <li key={version.id}>
                    <p>
                      {memberKinds[version.kind]} · {version.branch ?? '没有党支部'} ·{' '}
                      {version.employer ?? '没有工作单位'}
                    </p>
                    <span className="lx-soft">
                      {version.validFrom} 至 {version.validTo ?? '今'}
                    </span>
                  </li>
                ))}
              </ul>
            </Section>
          </>
        )}
      </Answered>
    </Drawer>
  )
}

function factsOf(member: MemberPage): FactItem[] {
  return [
    { label: '姓名', value: <Name id={member.id} masked={member.name} /> },
    { label: '党员类别', value: `${memberKinds[member.kind]}${member.floating ? '（流动党员）' : ''}` },
    { label: '所在党支部', value: member.branch, wide: true },
    {
      label: '工作单位',
      value: member.unitId ? <Link to={`/units/${member.unitId}/members`}>{member.unitName}</Link> : member.employer,
      source: member.unitName !== member.employer ? `名册写作“${member.employer ?? '—'}”` : undefined,
      wide: true,
    },
    { label: '组织关系', value: relations[member.relation], source: member.relationUnit?.name },
    { label: '转正日期', value: member.formalOn },
    { label: '入党日期', value: member.joinedOn },
    { label: '来源', value: member.source?.fileName, source: `自 ${member.validFrom}` },
  ]
}

function Name({ id, masked }: { id: string; masked: string }) {
  const can = useCan()
  return (
    <Reveal
      label="姓名"
      masked={masked}
      allowed={can('party.member.reveal')}
      reveal={async (purpose) => (await party.revealMember.call({ id, purpose })).value}
    />
  )
}

function Insured({ member }: { member: MemberPage }) {
  if (member.insured.length === 0) return <p className="lx-soft">没有在比对过的参保名册里找到。</p>
  return (
    <ul className="lx-lines">
      {member.insured.map((one) => (
        <li key={`${one.asOf} ${one.employer}`}>
          <p>
            {one.unitId ? (
              <Link to={`/units/${one.unitId}/members`}>{one.unitName}</Link>
            ) : (
              one.employer || '没有写明单位'
            )}
          </p>
          <span className="lx-soft">
            {one.fileName} · 数据截至 {one.asOf}
          </span>
        </li>
      ))}
    </ul>
  )
}
