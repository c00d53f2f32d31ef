import { expect, test } from 'vitest'
import { bytesText, refusal } from './upload-send.ts'

const sheets = ['.csv', '.xlsx']

test('a sheet of an allowed kind and size may be sent, whatever the case of its extension', () => {
  expect(refusal({ name: '企业名单.XLSX', size: 10 }, sheets, 100)).toBeUndefined()
})

test('an old Excel file is told how to be saved, another kind is told which kinds are meant', () => {
  expect(refusal({ name: '名单.xls', size: 10 }, sheets, 100)).toContain('另存为 .xlsx')
  expect(refusal({ name: '照片.jpg', size: 10 }, sheets, 100)).toContain('.csv、.xlsx')
})

test('an empty file and a file one byte too large are refused before anything is sent', () => {
  expect(refusal({ name: 'a.csv', size: 0 }, sheets, 100)).toContain('空文件')
  expect(refusal({ name: 'a.csv', size: 101 }, sheets, 100)).toContain('101 字节')
  expect(refusal({ name: 'a.csv', size: 100 }, sheets, 100)).toBeUndefined()
})

test('a size is said in the unit a file manager would use', () => {
  expect([1023, 1024, 1536, 52_428_800, 3 * 1024 ** 3].map(bytesText)).toEqual([
    '1023 字节',
    '1 KB',
    '1.5 KB',
    '50 MB',
    '3 GB',
  ])
})
