import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { today } from '../base/time.ts'
import { startDownload } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { FileField } from '../ui/file-field.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { Mark } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { foundingContract } from './contract.ts'
import { founding, type CasePage } from './founding-client.tsx'
import { type DossierItem, dossierItems, foundingSteps, stepsOf } from './rules.ts'

const shape = inputOf(foundingContract.addEvidence)
const words = { there: '已有', waived: '不需要', missing: '还缺' } as const
const tones = { there: 'good', waived: 'plain', missing: 'warn' } as const
type Paper = CasePage['evidence'][number]

/** The papers of a case: what the dossier asks for, what is there, and other evidence. */
export function CaseDossier({ page }: { page: CasePage }) {
  const can = useCan()
  const [adding, setAdding] = useState<DossierItem | 'other'>()
  const may = can('founding.handle') && page.state !== 'closed'
  const others = page.evidence.filter((paper) => paper.item === null)
  const add = (item: DossierItem | 'other') =>
    may ? (
      <Button type="link" size="small" onClick={() => setAdding(item)}>
        登记
      </Button>
    ) : null
  return (
    <>
      <table className="lx-sheet lx-sheet-wide">
        <thead>
          <tr>
            <th scope="col">材料</th>
            <th scope="col">状态</th>
            <th scope="col">登记</th>
            <th scope="col" aria-label="操作" />
          </tr>
        </thead>
        <tbody>
          {page.dossier.map(({ item, state }) => (
            <tr key={item}>
              <td>{dossierItems[item]}</td>
              <td>
                <Mark tone={tones[state]}>{words[state]}</Mark>
              </td>
              <td>
                <Papers papers={page.evidence.filter((paper) => paper.item === item)} may={may} />
              </td>
              <td>{add(item)}</td>
            </tr>
          ))}
          <tr>
            <td>其他材料</td>
            <td>{others.length > 0 ? `${others.length} 份` : <span className="lx-faint">—</span>}</td>
            <td>
              <Papers papers={others} may={may} />
            </td>
            <td>{add('other')}</td>
          </tr>
        </tbody>
      </table>
      {adding ? <PaperForm page={page} item={adding} onClose={() => setAdding(undefined)} /> : null}
    </>
  )
}

function Papers({ papers, may }: { papers: readonly Paper[]; may: boolean }) {
  const can = useCan()
  const ask = useConfirm()
  const refresh = [founding.key()]
  const remove = useCommand(founding.removeEvidence.mutationOptions(), { done: '已撤下', refresh })
  const fetchFile = useCommand(founding.downloadEvidence.mutationOptions())
  const download = async (paper: Paper) => {
    const yes = await ask({
      title: `下载“${paper.fileName}”？`,
      lose: '材料里可能有党员个人信息，用途记入操作日志。',
      act: '下载',
      reason: { label: '用途' },
    })
    const answer = yes && (await fetchFile.run({ id: paper.id, purpose: yes.reason }))
    if (answer) startDownload(answer.url)
  }
  const takeDown = async (paper: Paper) => {
    const yes = await ask({
      title: '撤下这份材料？',
      lose: '不再列在清单里，撤下的原因留在操作日志。',
      act: '撤下',
      reason: { label: '撤下原因' },
    })
    if (yes) await remove.run({ id: paper.id, reason: yes.reason })
  }
  if (papers.length === 0) return <span className="lx-faint">—</span>
  return papers.map((paper) => (
    <div key={paper.id}>
      {paper.on} {paper.note}
      <small className="lx-faint">{`　${foundingSteps[paper.step]}　${paper.author}`}</small>
      {paper.fileName ? (
        <Button type="link" size="small" disabled={!can('founding.download')} onClick={() => void download(paper)}>
          {paper.fileName}
        </Button>
      ) : null}
      {may ? (
        <Button type="link" size="small" onClick={() => void takeDown(paper)}>
          撤下
        </Button>
      ) : null}
    </div>
  ))
}

function PaperForm(props: { page: CasePage; item: DossierItem | 'other'; onClose: () => void }) {
  const { page, item } = props
  const client = useQueryClient()
  const steps = Object.fromEntries(stepsOf(page.form).map((step) => [step, foundingSteps[step]]))
  return (
    <DrawerForm
      open
      title={item === 'other' ? '登记材料' : `登记${dossierItems[item]}`}
      shape={shape}
      initial={{
        id: page.id,
        step: page.step ?? 'filing',
        on: today(new Date()),
        ...(item === 'other' ? {} : { item }),
      }}
      onSubmit={async (values) => {
        await founding.addEvidence.call(values)
        await client.invalidateQueries({ queryKey: founding.key() })
      }}
      onClose={props.onClose}
    >
      <Field name="step">
        <Select options={options(steps)} />
      </Field>
      <Field name="on">
        <input type="date" className="lx-day" max={today(new Date())} />
      </Field>
      <Field name="note" hint="如 纸质件已收、原件存放何处；不需要的写明为什么。">
        <Input.TextArea rows={2} maxLength={300} />
      </Field>
      {item === 'other' ? null : (
        <Field name="waived" valuePropName="checked" label="">
          <Checkbox>不需要这份材料</Checkbox>
        </Field>
      )}
      <PaperFile />
    </DrawerForm>
  )
}

/** The file itself, where there is one. */
function PaperFile() {
  const form = Form.useFormInstance()
  if (Form.useWatch('waived', form)) return null
  return (
    <Field name="fileId">
      <FileField />
    </Field>
  )
}
