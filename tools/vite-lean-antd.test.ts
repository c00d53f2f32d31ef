import { expect, test } from 'vitest'
import { leanSheet } from './vite-lean-antd.ts'

test('rules of components that are not used go, rules of others stay as they are', () => {
  expect(leanSheet('.ant-carousel .slick{a:b;}.ant-btn{c:d;}')).toBe('.ant-btn{c:d;}')
  expect(leanSheet('.ant-list{a:b;}.ant-listbox{c:d;}')).toBe('.ant-listbox{c:d;}')
})

test('of a selector list only the unused selectors go, and commas inside brackets do not part it', () => {
  expect(leanSheet('.ant-btn:not(.x,.ant-y),.ant-tour a{c:d;}')).toBe('.ant-btn:not(.x,.ant-y){c:d;}')
})

test('rules inside media queries are looked at, and an emptied query goes', () => {
  expect(leanSheet('@media (x){.ant-tour{a:b;}}@media (y){.ant-btn-rtl{a:b;}.ant-btn{c:d;}}')).toBe(
    '@media (y){.ant-btn{c:d;}}',
  )
})

test('key frames said twice are kept once', () => {
  expect(leanSheet('@keyframes k{from{a:b;}}.ant-btn{c:d;}@keyframes k{from{a:b;}}')).toBe(
    '@keyframes k{from{a:b;}}.ant-btn{c:d;}',
  )
})
