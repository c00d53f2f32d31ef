import { useQueryClient } from '@tanstack/react-query'
import { InputNumber, Select } from 'antd'
import { today } from '../base/time.ts'
import { industryLetters } from '../ledger/field-contract.ts'
import { CountyPicker, RegionPicker, useOnlyCounty } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { instructorContract } from './contract.ts'
import { type InstructorPage, instructors } from './instructor-client.tsx'
import { origins } from './rules.ts'

const add = inputOf(instructorContract.addInstructor)
const edit = inputOf(instructorContract.editInstructor)

function Facts() {
  return (
    <>
      <Field name="areaCode">
        <RegionPicker width="100%" />
      </Field>
      <Field name="origin">
        <Select options={options(origins)} />
      </Field>
      <Field name="employer" />
      <Field name="capacity">
        <InputNumber min={1} max={50} precision={0} style={{ width: 160 }} />
      </Field>
      <Field name="skills" hint="安排时优先派到熟悉的行业。">
        <Select mode="multiple" allowClear options={options(industryLetters)} optionFilterProp="label" />
      </Field>
      <Field name="longitude" hint="办公地点的坐标；空着按乡镇街道的中心估计，距离会标“约”。">
        <InputNumber style={{ width: 160 }} />
      </Field>
      <Field name="latitude">
        <InputNumber style={{ width: 160 }} />
      </Field>
    </>
  )
}

/** Writes someone into the register. */
export function AddInstructor({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const only = useOnlyCounty()
  return (
    <DrawerForm
      key={only}
      open
      title="登记指导员"
      shape={add}
      initial={{ ...(only ? { countyCode: only, areaCode: only } : {}), origin: 'office', from: today(new Date()) }}
      onSubmit={async (values) => {
        await instructors.addInstructor.call(values)
        await client.invalidateQueries({ queryKey: instructors.key() })
      }}
      onClose={onClose}
    >
      <Field name="countyCode" label="所属县">
        <CountyPicker />
      </Field>
      <Field name="name" hint="加密保存，平时遮盖。" />
      <Field name="phone" />
      <Field name="from">
        <input type="date" className="lx-day" max={today(new Date())} />
      </Field>
      <Facts />
    </DrawerForm>
  )
}

/** Changes what is told of someone; the name stays. */
export function EditInstructor({ page, onClose }: { page: InstructorPage; onClose: () => void }) {
  const client = useQueryClient()
  const { id, areaCode, employer, origin, ownCapacity: capacity, skills, longitude, latitude } = page
  return (
    <DrawerForm
      open
      title={`修改${page.name}的信息`}
      shape={edit}
      initial={{ id, areaCode, employer, origin, capacity, skills, longitude, latitude }}
      onSubmit={async (values) => {
        await instructors.editInstructor.call(values)
        await client.invalidateQueries({ queryKey: instructors.key() })
      }}
      onClose={onClose}
    >
      <Facts />
      <Field name="phone" />
    </DrawerForm>
  )
}
