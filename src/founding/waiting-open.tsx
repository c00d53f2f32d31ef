import { OrgPicker } from '../party/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { say } from '../ui/notice.tsx'
import { foundingContract } from './contract.ts'
import { founding, type Waiting } from './founding-client.tsx'

const shape = inputOf(foundingContract.openFromProposals)

/** Opens the ticked groups together, with the organisation that is to stand above the new ones. */
export function WaitingOpen(props: {
  rows: readonly Waiting[]
  onOpened: (ids: readonly string[]) => Promise<void>
  onClose: () => void
}) {
  const { rows } = props
  const fresh = rows.filter((row) => row.hostName === null).length
  return (
    <DrawerForm
      open
      title={`开办 ${rows.length} 件`}
      shape={shape}
      initial={{ proposalIds: rows.map((row) => row.proposalId) }}
      submitText="开办"
      onSubmit={async (values) => {
        const { opened, ids } = await founding.openFromProposals.call(values)
        say.good(`已开办 ${opened} 件`)
        await props.onOpened(ids)
      }}
      onClose={props.onClose}
    >
      {fresh === 0 ? (
        <p>都是并入现有党组织的，上级随现有党组织。</p>
      ) : (
        <>
          <p className="lx-soft">其中 {fresh} 件新成立党组织；上级党组织一并填上，也可以以后逐件修改。</p>
          <Field name="parentId">
            <OrgPicker />
          </Field>
          <Field name="parentName" hint="上级党组织不在本平台时填写，如 某街道党工委" />
        </>
      )}
    </DrawerForm>
  )
}
