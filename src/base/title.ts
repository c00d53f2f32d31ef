import { narrow } from './narrow.ts'

// No title is longer. In a cell of 32,767 brackets the pattern would look for the second one of each again and again.
const titleCharsMax = 100

/** The words of a column's title, without what stands in brackets and without `*` and `:`. */
export const titleText = (title: string) =>
  narrow(title.slice(0, titleCharsMax))
    .replace(/[（(【[].*?[）)】\]]/g, '')
    .replace(/[*:：]/g, '')
