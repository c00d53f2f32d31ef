import type { MapAccuracy, MapGroup, MapPoint } from './map-view.ts'

const accuracyWords: Record<MapAccuracy, string> = {
  exact: '有坐标',
  building: '按同楼宇推定',
  road: '按道路门牌推定',
  street: '只知乡镇街道',
  none: '位置不明',
}

/** What the signs of the map mean, as far as they occur on it. */
export function MapLegend({ points, groups }: { points: readonly MapPoint[]; groups: readonly MapGroup[] }) {
  const seen = new Set(points.map((point) => point.accuracy))
  const signs: MapAccuracy[] = ['exact', 'building', 'road', 'street', 'none']
  return (
    <ul className="lx-map-legend" aria-label="图例">
      {signs
        .filter((sign) => seen.has(sign))
        .map((sign) => (
          <li key={sign}>
            <Sign accuracy={sign} /> {accuracyWords[sign]}
          </li>
        ))}
      {groups.some((group) => group.lead === null) ? (
        <li>
          <svg width="12" height="12" aria-hidden="true">
            <path d="M6 1 11 11 1 11Z" fill="var(--blue)" />
          </svg>
          现有联合党支部
        </li>
      ) : null}
      {points.some((point) => point.group === null) ? (
        <li>
          <svg width="12" height="12" aria-hidden="true">
            <path d="M2 2 10 10M2 10 10 2" stroke="var(--fault)" strokeWidth="1.5" />
          </svg>
          未编组
        </li>
      ) : null}
      {groups.some((group) => group.tone === 'locked') ? (
        <li>
          <svg width="12" height="12" aria-hidden="true">
            <rect x="1" y="1" width="10" height="10" fill="none" stroke="var(--ink)" strokeWidth="1.5" />
          </svg>
          已锁定
        </li>
      ) : null}
      {groups.some((group) => group.tone === 'warn') ? (
        <li>
          <svg width="12" height="12" aria-hidden="true">
            <circle cx="6" cy="6" r="5" fill="none" stroke="var(--ochre)" strokeWidth="1.5" />
          </svg>
          须说明理由
        </li>
      ) : null}
    </ul>
  )
}

function Sign({ accuracy }: { accuracy: MapAccuracy }) {
  const full = { fill: 'var(--blue)' }
  return (
    <svg width="12" height="12" aria-hidden="true">
      {accuracy === 'building' ? (
        <rect x="2" y="2" width="8" height="8" {...full} />
      ) : accuracy === 'road' ? (
        <path d="M6 1 11 6 6 11 1 6Z" {...full} />
      ) : accuracy === 'exact' ? (
        <circle cx="6" cy="6" r="4.5" {...full} />
      ) : (
        <circle
          cx="6"
          cy="6"
          r="4"
          fill="none"
          stroke="var(--blue)"
          strokeWidth="1.5"
          strokeDasharray={accuracy === 'none' ? '2 2' : undefined}
        />
      )}
    </svg>
  )
}
