import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { survivorshipContract } from './survivorship-contract.ts'

const ledger = connect(survivorshipContract)

/** Says that some units are not yet derived by the rules in force, and lets who may go on with it. */
export function RulesWaiting(props: { county: string; waiting: number; mayChange: boolean }) {
  const client = useQueryClient()
  const [jobId, setJobId] = useState<string>()
  const again = useCommand(ledger.deriveAgain.mutationOptions())
  if (jobId) {
    return (
      <JobPanel
        jobId={jobId}
        onEnded={() => {
          setJobId(undefined)
          void client.invalidateQueries()
        }}
      />
    )
  }
  if (props.waiting === 0) return null
  const start = async () => setJobId((await again.run({ countyCode: props.county }))?.jobId)
  return (
    <p className="lx-warn-line">
      还有 {grouped(props.waiting)} 家单位没有按现行规则重算，数字可能还会变。
      {props.mayChange ? (
        <Button size="small" loading={again.busy} onClick={() => void start()}>
          现在重算
        </Button>
      ) : null}
    </p>
  )
}
