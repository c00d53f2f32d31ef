import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { today } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { Section } from '../ui/page.tsx'
import { Reveal } from '../ui/reveal.tsx'
import { useCan } from '../ui/session.ts'
import { orgContract, type OrgPage } from './contract.ts'
import { EndForm } from './org-end-form.tsx'
import { useOrgsChanged } from './org-forms.tsx'
import { electionRules } from './rules.ts'
import { partyPosts, secretarySources, termFormings } from './words-contract.ts'
import { addPostInput, addTermInput, delayTermInput, orgWriteContract } from './write-contract.ts'

const party = connect(orgContract)
const writing = connect(orgWriteContract)
const day = <input type="date" className="lx-day" />

type Open = { kind: 'post' | 'term' } | { kind: 'end' | 'delay'; id: string; title: string }

/** Who leads an organisation, term by term. */
export function OrgLeaders({ org }: { org: OrgPage }) {
  const can = useCan()
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const mayWrite = can('party.org.write') && !org.dissolvedOn
  return (
    <>
      <Section
        title="班子成员"
        extra={mayWrite ? <Button onClick={() => setOpen({ kind: 'post' })}>任命</Button> : undefined}
      >
        <Posts org={org} {...(mayWrite ? { onEnd: (id, title) => setOpen({ kind: 'end', id, title }) } : {})} />
      </Section>
      <Section
        title="届次"
        extra={mayWrite ? <Button onClick={() => setOpen({ kind: 'term' })}>登记换届</Button> : undefined}
      >
        <Terms org={org} {...(mayWrite ? { onDelay: (id) => setOpen({ kind: 'delay', id, title: '' }) } : {})} />
      </Section>
      <Section title="选举规定">
        <ul className="lx-lines">
          {electionRules.map((rule) => (
            <li key={rule.text}>
              <p>{rule.text}</p>
              <span className="lx-soft">{rule.source}</span>
            </li>
          ))}
        </ul>
      </Section>
      {open?.kind === 'post' ? <PostForm org={org} onClose={close} /> : null}
      {open?.kind === 'term' ? <TermForm org={org} onClose={close} /> : null}
      {open?.kind === 'delay' ? <DelayForm id={open.id} onClose={close} /> : null}
      {open?.kind === 'end' ? (
        <EndForm
          title={open.title}
          onEnd={(values) => writing.endPost.call({ id: open.id, ...values })}
          onClose={close}
        />
      ) : null}
    </>
  )
}

function Posts({ org, onEnd }: { org: OrgPage; onEnd?: (id: string, title: string) => void }) {
  const can = useCan()
  if (org.posts.length === 0) return <p className="lx-soft">没有登记班子成员。</p>
  return (
    <table className="lx-sheet">
      <thead>
        <tr>
          <th scope="col">职务</th>
          <th scope="col">姓名</th>
          <th scope="col">管理职务（交叉任职）</th>
          <th scope="col">书记来源</th>
          <th scope="col">自</th>
          <th scope="col">至</th>
          <th scope="col" aria-label="操作" />
        </tr>
      </thead>
      <tbody>
        {org.posts.map((post) => (
          <tr key={post.id} className={post.validTo ? 'lx-faint' : ''}>
            <td>{partyPosts[post.post]}</td>
            <td>
              <Reveal
                label="姓名"
                masked={post.name}
                allowed={can('party.org.reveal')}
                reveal={async (purpose) => (await party.revealPost.call({ id: post.id, purpose })).value}
              />
            </td>
            <td>{post.managementPosition ?? (post.inManagement ? '在管理层任职' : '—')}</td>
            <td>{post.secretarySource ? secretarySources[post.secretarySource] : '—'}</td>
            <td>{post.validFrom}</td>
            <td>{post.validTo ?? '今'}</td>
            <td>
              {onEnd && !post.validTo ? (
                <Button
                  type="link"
                  size="small"
                  onClick={() => onEnd(post.id, `${post.name}不再任${partyPosts[post.post]}`)}
                >
                  免去
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Terms({ org, onDelay }: { org: OrgPage; onDelay?: (id: string) => void }) {
  if (org.terms.length === 0) return <p className="lx-soft">没有届次记录。</p>
  return (
    <table className="lx-sheet">
      <thead>
        <tr>
          <th scope="col">届次</th>
          <th scope="col">产生方式</th>
          <th scope="col">当选日期</th>
          <th scope="col">届满日</th>
          <th scope="col">延期至</th>
          <th scope="col">延期批准</th>
          <th scope="col" aria-label="操作" />
        </tr>
      </thead>
      <tbody>
        {org.terms.map((term, at) => (
          <tr key={term.id}>
            <td>{term.ordinal ? `第 ${term.ordinal} 届` : '—'}</td>
            <td>{termFormings[term.formedBy]}</td>
            <td>{term.electedOn}</td>
            <td>{term.expiresOn}</td>
            <td>{term.delayedUntil ?? '—'}</td>
            <td>{[term.delayApproval, term.delayReason].filter(Boolean).join('：') || '—'}</td>
            <td>
              {onDelay && at === 0 ? (
                <Button type="link" size="small" onClick={() => onDelay(term.id)}>
                  延期
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function PostForm({ org, onClose }: { org: OrgPage; onClose: () => void }) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title={`${org.name}任命`}
      shape={addPostInput}
      initial={{ id: org.id, post: 'secretary', from: today(new Date()), inManagement: false }}
      onClose={onClose}
      onSubmit={async (values) => {
        await writing.addPost.call(values)
        await changed()
      }}
    >
      <Field name="post" hint="书记一天只有一名：任命新书记，原书记到这一天为止。">
        <Select options={options(partyPosts)} />
      </Field>
      <Field name="name" hint="加密保存，列表里只显示姓。" />
      <Source />
      <Field name="inManagement" label="交叉任职" valuePropName="checked">
        <Checkbox>同时在单位管理层任职</Checkbox>
      </Field>
      <Field name="managementPosition" hint="如 总经理、办公室主任" />
      <Field name="from">{day}</Field>
      <Field name="reason" />
    </DrawerForm>
  )
}

function Source() {
  const post = Form.useWatch('post', Form.useFormInstance()) as string | undefined
  if (post !== 'secretary') return null
  return (
    <Field name="secretarySource">
      <Select allowClear options={options(secretarySources)} />
    </Field>
  )
}

function TermForm({ org, onClose }: { org: OrgPage; onClose: () => void }) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title={`${org.name}换届`}
      shape={addTermInput}
      initial={{ id: org.id, formedBy: 'election' }}
      onClose={onClose}
      onSubmit={async (values) => {
        await writing.addTerm.call(values)
        await changed()
      }}
    >
      <Field name="ordinal">
        <InputNumber min={1} style={{ width: 120 }} />
      </Field>
      <Field name="formedBy">
        <Select options={options(termFormings)} />
      </Field>
      <Field name="electedOn">
        <input type="date" className="lx-day" max={today(new Date())} />
      </Field>
      <Field name="expiresOn" hint="空着按任期推算：党支部、党总支 3 年，基层党委 5 年。">
        {day}
      </Field>
      <Field name="reason" hint="如 选举结果批复文号" />
    </DrawerForm>
  )
}

function DelayForm({ id, onClose }: { id: string; onClose: () => void }) {
  const changed = useOrgsChanged()
  return (
    <DrawerForm
      open
      title="批准延期换届"
      shape={delayTermInput}
      initial={{ id }}
      onClose={onClose}
      onSubmit={async (values) => {
        await writing.delayTerm.call(values)
        await changed()
      }}
    >
      <Field name="delayedUntil" hint="一般不超过 1 年。">
        {day}
      </Field>
      <Field name="approval">
        <Input />
      </Field>
      <Field name="reason" />
    </DrawerForm>
  )
}
