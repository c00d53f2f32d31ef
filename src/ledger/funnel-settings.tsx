import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, InputNumber, Switch } from 'antd'
import { useState } from 'react'
import { connect } from '../ui/client.ts'
import { Section } from '../ui/page.tsx'
import { Answered } from '../ui/states.tsx'
import { settingTitle } from './funnel-words.ts'
import { RulesHistory } from './rules-history.tsx'
import { type RulesChange, RulesSave, useTrial } from './rules-save.tsx'
import { funnelDefaults, type FunnelSettings, funnelSources } from './standing-contract.ts'
import { survivorshipContract } from './survivorship-contract.ts'
import './rules.css'

const ledger = connect(survivorshipContract)
const keys = Object.keys(funnelDefaults) as (keyof FunnelSettings)[]
type Draft = Partial<Record<keyof FunnelSettings, number | boolean>>

const groups: [title: string, from: keyof FunnelSettings, to: keyof FunnelSettings][] = [
  ['什么算实体运营', 'insuredMin', 'societyNeedsEvidence'],
  ['什么是摸排对象', 'staffMin', 'unknownOwnershipCounts'],
]

/** 甄别口径 of one county: every setting with its default and where that comes from. */
export function FunnelSettingsDrawer({ county, onClose }: { county: string; onClose: () => void }) {
  const query = useQuery(ledger.getRules.queryOptions({ input: { countyCode: county } }))
  const [draft, setDraft] = useState<Draft>({})
  const [change, setChange] = useState<RulesChange>()
  const trial = useTrial(county)
  const rules = query.data
  const now = rules ? { ...rules.funnel, ...draft } : undefined
  const dirty = rules ? keys.some((key) => now?.[key] !== rules.funnel[key]) : false
  const tryOut = async () => {
    if (now) setChange(await trial.funnel(now as FunnelSettings))
  }
  return (
    <Drawer
      open
      size={640}
      title="甄别口径"
      onClose={onClose}
      footer={
        rules?.mayChange ? (
          <div className="lx-form-acts">
            <Button type="primary" disabled={!dirty} loading={trial.busy} onClick={() => void tryOut()}>
              看影响，再保存
            </Button>
            <Button onClick={() => setDraft(funnelDefaults)}>全部恢复默认</Button>
            <Button onClick={onClose}>{dirty ? '放弃改动' : '关闭'}</Button>
          </div>
        ) : null
      }
    >
      <Answered query={query}>
        {(found) => (
          <>
            {groups.map(([title, from, to]) => (
              <Section key={title} title={title}>
                {keys.slice(keys.indexOf(from), keys.indexOf(to) + 1).map((key) => (
                  <Setting
                    key={key}
                    name={key}
                    value={draft[key] ?? found.funnel[key]}
                    fixed={!found.mayChange}
                    onSet={(value) => setDraft((before) => ({ ...before, [key]: value }))}
                  />
                ))}
              </Section>
            ))}
            <Section title="历次改动">
              <RulesHistory versions={found.versions.filter((one) => one.kind === 'funnel')} />
            </Section>
          </>
        )}
      </Answered>
      {change ? (
        <RulesSave
          countyCode={county}
          change={change}
          onClose={(saved) => {
            setChange(undefined)
            if (saved) onClose()
          }}
        />
      ) : null}
    </Drawer>
  )
}

interface SettingProps {
  name: keyof FunnelSettings
  value: number | boolean
  fixed: boolean
  onSet: (value: number | boolean) => void
}

function Setting({ name, value, fixed, onSet }: SettingProps) {
  const title = settingTitle(name)
  const standard = funnelDefaults[name]
  const words = typeof standard === 'boolean' ? (standard ? '是' : '否') : standard
  return (
    <div className="lx-setting">
      <div>
        <span>{title}</span>
        <span className="lx-faint">
          默认 {words}：{funnelSources[name]}
        </span>
      </div>
      {typeof value === 'boolean' ? (
        <Switch
          aria-label={title}
          checked={value}
          disabled={fixed}
          checkedChildren="是"
          unCheckedChildren="否"
          onChange={onSet}
        />
      ) : (
        <InputNumber
          aria-label={title}
          min={name === 'evidenceMonths' ? 1 : 0}
          max={name === 'evidenceMonths' ? 60 : 10_000}
          precision={0}
          disabled={fixed}
          value={value}
          onChange={(next) => onSet(next ?? standard)}
        />
      )}
    </div>
  )
}
