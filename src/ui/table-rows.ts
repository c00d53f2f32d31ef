import { useEffect, useLayoutEffect, useState, type KeyboardEvent, type MouseEvent, type RefObject } from 'react'

const headHeight = 40

/** The height in pixels left for a table's body inside its box; follows the box. */
export function useBoxHeight(box: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(360)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return undefined
    const measure = () => setHeight(Math.max(160, Math.floor(element.clientHeight) - headHeight))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  return height
}

/**
 * Lets the keyboard reach what Ant Design leaves out of its reach, and only that: the scrolling body can be focused, the
 * ticks in its hidden row of measures cannot.
 */
export function useScrollerKeys(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    box.current?.querySelector('.ant-table-body, .ant-table-tbody-virtual-holder')?.setAttribute('tabindex', '0')
    for (const input of box.current?.querySelectorAll('.ant-table-measure-row input') ?? [])
      input.setAttribute('tabindex', '-1')
  })
}

/** Makes rows open on click or Enter and lets the arrow keys walk them; clicks on what is inside a row stay its own. */
export function rowActs<Row>(onOpen: ((row: Row) => void) | undefined) {
  if (!onOpen) return () => ({})
  return (row: Row) => ({
    tabIndex: 0,
    className: 'lx-row-opens',
    onClick: (event: MouseEvent<HTMLElement>) => {
      const inner = (event.target as HTMLElement).closest(
        'a,button,input,label,.ant-checkbox-wrapper,.ant-table-selection-column',
      )
      if (inner || String(getSelection() ?? '')) return
      onOpen(row)
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.target !== event.currentTarget) return
      if (event.key === 'Enter') onOpen(row)
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        const next = event.key === 'ArrowDown' ? 'nextElementSibling' : 'previousElementSibling'
        const sibling = event.currentTarget[next]
        if (sibling instanceof HTMLElement) sibling.focus()
      }
    },
  })
}
