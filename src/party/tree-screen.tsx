import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Tree, type TreeDataNode } from 'antd'
import { useEffect, useState } from 'react'
import { connect } from '../ui/client.ts'
import { Page } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { orgContract, type TreeNode } from './contract.ts'
import { OrgNav, OrgPicker, TermMark } from './parts.tsx'
import { orgKinds } from './words-contract.ts'

const party = connect(orgContract)
/** Nodes fetched under one parent at once; the list of subordinates shows the rest. */
const most = 200

/** The organisations as a tree by 隶属, unfolded as one goes; a search opens the way to what was found. */
export function OrgTreeScreen() {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const at = typeof search['at'] === 'string' ? search['at'] : undefined
  const navigate = useNavigate()
  const top = useQuery(party.orgTree.queryOptions({ input: { pageSize: most } }))
  return (
    <Page title="党组织" description="按隶属关系展开；业务指导关系见各党组织的“上下级与网络”。">
      <OrgNav />
      <div className="lx-form-line">
        <OrgPicker
          value={at ?? null}
          width={360}
          placeholder="查找党组织，展开到它所在的位置"
          onChange={(id) => void navigate({ to: '/orgs/tree', search: id ? { at: id } : {} })}
        />
      </div>
      <Answered query={top}>
        {(found) =>
          found.rows.length === 0 ? (
            <Empty title="还没有党组织" hint="先导入党组织名册，或在列表里登记。" />
          ) : (
            <Unfolding key={at ?? ''} top={found.rows} total={found.total} at={at} />
          )
        }
      </Answered>
    </Page>
  )
}

type Node = TreeDataNode & { key: string; children?: Node[] }

function Unfolding({ top, total, at }: { top: readonly TreeNode[]; total: number; at: string | undefined }) {
  const client = useQueryClient()
  const [below, setBelow] = useState<Record<string, { rows: readonly TreeNode[]; total: number }>>({})
  const [open, setOpen] = useState<string[]>([])
  const fetchBelow = (parentId: string) =>
    client.ensureQueryData(party.orgTree.queryOptions({ input: { parentId, pageSize: most } }))
  const load = async (parentId: string) => {
    const answer = await fetchBelow(parentId)
    setBelow((now) => ({ ...now, [parentId]: answer }))
  }
  useEffect(() => {
    const [only, second] = top
    if (!at && only && !second && only.children > 0) void load(only.id).then(() => setOpen([only.id]))
    if (!at) return
    const unfold = async () => {
      const { path } = await client.ensureQueryData(party.orgPath.queryOptions({ input: { id: at } }))
      const above = path.slice(0, -1).map((node) => node.id)
      const answers = await Promise.all(above.map(async (id) => [id, await fetchBelow(id)] as const))
      setBelow((now) => ({ ...now, ...Object.fromEntries(answers) }))
      setOpen(above)
    }
    void unfold()
    // oxlint-disable-next-line react/exhaustive-deps -- the way is unfolded once for each organisation asked for
  }, [at])
  const nodeOf = (one: TreeNode): Node => {
    const known = below[one.id]
    const rest = known && known.total > known.rows.length ? [restOf(one, known.total - known.rows.length)] : []
    return {
      key: one.id,
      title: <NodeTitle node={one} marked={one.id === at} />,
      isLeaf: one.children === 0,
      ...(known ? { children: [...known.rows.map(nodeOf), ...rest] } : {}),
    }
  }
  return (
    <>
      <Tree<Node>
        className="lx-org-tree"
        blockNode
        showLine
        selectable={false}
        treeData={top.map(nodeOf)}
        expandedKeys={open}
        onExpand={(keys) => setOpen(keys.map(String))}
        loadData={(node) => load(node.key)}
      />
      {total > top.length ? <p className="lx-soft">最上一级还有 {total - top.length} 个没有列出，请用查找。</p> : null}
    </>
  )
}

function restOf(parent: TreeNode, left: number): Node {
  return {
    key: `${parent.id} rest`,
    isLeaf: true,
    title: (
      <Link to={'/orgs'} search={{ parentId: parent.id }}>
        还有 {left} 个，到列表里看
      </Link>
    ),
  }
}

function NodeTitle({ node, marked }: { node: TreeNode; marked: boolean }) {
  return (
    <span className={marked ? 'lx-org-node lx-org-node-at' : 'lx-org-node'}>
      <Link to={`/orgs/${node.id}`}>{node.name}</Link>
      <span className="lx-soft">
        {orgKinds[node.kind]} · {node.areaName}
        {node.children > 0 ? ` · 下级 ${node.children}` : ''} · 覆盖 {node.units} 家
      </span>
      {node.term === 'soon' || node.term === 'over' ? <TermMark term={node.term} /> : null}
    </span>
  )
}
