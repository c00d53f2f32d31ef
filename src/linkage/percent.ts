/** A share in per cent, never a rounded certainty: 99.97 % does not read 100 %. */
export function percentText(share: number): string {
  if (share > 0.9995 && share < 1) return '> 99.9%'
  if (share > 0 && share < 0.001) return '< 0.1%'
  return `${(share * 100).toFixed(share > 0.99 || share < 0.01 ? 1 : 0)}%`
}
