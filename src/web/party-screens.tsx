import CarryOutOutlined from '@ant-design/icons/CarryOutOutlined'
import ClusterOutlined from '@ant-design/icons/ClusterOutlined'
import FileDoneOutlined from '@ant-design/icons/FileDoneOutlined'
import FileSearchOutlined from '@ant-design/icons/FileSearchOutlined'
import IdcardOutlined from '@ant-design/icons/IdcardOutlined'
import PartitionOutlined from '@ant-design/icons/PartitionOutlined'
import PieChartOutlined from '@ant-design/icons/PieChartOutlined'
import SyncOutlined from '@ant-design/icons/SyncOutlined'
import { lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from './routes.tsx'

/** The screens of the chapter 党建, in the menu's order. */
export const partyScreens: readonly Screen[] = [
  {
    path: '/orgs',
    title: '党组织',
    permission: 'party.org.read',
    chapter: '党建',
    icon: <ClusterOutlined />,
    screen: lazyRouteComponent(() => import('../party/orgs-screen.tsx'), 'OrgsScreen'),
  },
  {
    path: '/orgs/tree',
    title: '组织树',
    permission: 'party.org.read',
    screen: lazyRouteComponent(() => import('../party/tree-screen.tsx'), 'OrgTreeScreen'),
  },
  {
    path: '/orgs/reminders',
    title: '换届与提醒',
    permission: 'party.org.read',
    screen: lazyRouteComponent(() => import('../party/reminders-screen.tsx'), 'RemindersScreen'),
  },
  {
    path: '/orgs/rules',
    title: '党组织规则',
    permission: 'party.org.read',
    screen: lazyRouteComponent(() => import('../party/rules-screen.tsx'), 'PartyRulesScreen'),
  },
  {
    path: '/orgs/imports',
    title: '导入党组织',
    permission: 'party.org.import',
    screen: lazyRouteComponent(() => import('../party/org-imports-screen.tsx'), 'OrgImportsScreen'),
  },
  {
    path: '/orgs/imports/$id',
    title: '导入党组织名册',
    permission: 'party.org.import',
    screen: lazyRouteComponent(() => import('../party/org-import-screen.tsx'), 'OrgImportScreen'),
  },
  {
    path: '/orgs/$id',
    title: '一个党组织',
    permission: 'party.org.read',
    screen: lazyRouteComponent(() => import('../party/org-screen.tsx'), 'OrgScreen'),
  },
  {
    path: '/units/$id/party',
    title: '单位党建',
    permission: 'party.org.read',
    screen: lazyRouteComponent(() => import('../party/unit-party-screen.tsx'), 'UnitPartyScreen'),
  },
  {
    path: '/members',
    title: '党员',
    permission: 'ledger.unit.read',
    chapter: '党建',
    icon: <IdcardOutlined />,
    screen: lazyRouteComponent(() => import('../party/members-screen.tsx'), 'MembersScreen'),
  },
  {
    path: '/members/orgs',
    title: '各党组织党员',
    permission: 'ledger.unit.read',
    screen: lazyRouteComponent(() => import('../party/member-orgs-screen.tsx'), 'MemberOrgsScreen'),
  },
  {
    path: '/members/list',
    title: '党员名单',
    permission: 'party.member.read',
    screen: lazyRouteComponent(() => import('../party/member-list-screen.tsx'), 'MemberListScreen'),
  },
  {
    path: '/members/employers',
    title: '工作单位写法',
    permission: 'party.member.import',
    screen: lazyRouteComponent(() => import('../party/member-employers-screen.tsx'), 'MemberEmployersScreen'),
  },
  {
    path: '/members/imports',
    title: '导入党员信息',
    permission: 'party.member.import',
    screen: lazyRouteComponent(() => import('../party/member-imports-screen.tsx'), 'MemberImportsScreen'),
  },
  {
    path: '/members/imports/$id',
    title: '导入党员名册',
    permission: 'party.member.import',
    screen: lazyRouteComponent(() => import('../party/member-import-screen.tsx'), 'MemberImportScreen'),
  },
  {
    path: '/units/$id/members',
    title: '单位党员',
    permission: 'ledger.unit.read',
    screen: lazyRouteComponent(() => import('../party/member-unit-screen.tsx'), 'MemberUnitScreen'),
  },
  {
    path: '/rosters',
    title: '名册比对',
    permission: 'party.member.compare',
    chapter: '党建',
    icon: <FileSearchOutlined />,
    screen: lazyRouteComponent(() => import('../party/roster-screen.tsx'), 'RosterScreen'),
  },
  {
    path: '/rosters/$id',
    title: '比对结果',
    permission: 'party.member.compare',
    screen: lazyRouteComponent(() => import('../party/roster-check-screen.tsx'), 'RosterCheckScreen'),
  },
  {
    path: '/member-tasks',
    title: '党员任务',
    permission: 'party.member.read',
    chapter: '党建',
    icon: <CarryOutOutlined />,
    screen: lazyRouteComponent(() => import('../party/member-tasks-screen.tsx'), 'MemberTasksScreen'),
  },
  {
    path: '/coverage',
    title: '覆盖',
    permission: 'coverage.read',
    chapter: '党建',
    icon: <PieChartOutlined />,
    screen: lazyRouteComponent(() => import('../coverage/dashboard-screen.tsx'), 'DashboardScreen'),
  },
  {
    path: '/coverage/wall',
    title: '大屏',
    permission: 'coverage.read',
    bare: true,
    screen: lazyRouteComponent(() => import('../coverage/wall-screen.tsx'), 'WallScreen'),
  },
  {
    path: '/coverage/units',
    title: '单位覆盖',
    permission: 'coverage.read',
    screen: lazyRouteComponent(() => import('../coverage/units-screen.tsx'), 'CoverageUnitsScreen'),
  },
  {
    path: '/coverage/ratios',
    title: '指标口径',
    permission: 'coverage.read',
    screen: lazyRouteComponent(() => import('../coverage/ratios-screen.tsx'), 'RatiosScreen'),
  },
  {
    path: '/coverage/ratios/new',
    title: '定义指标',
    permission: 'coverage.define',
    screen: lazyRouteComponent(() => import('../coverage/ratio-edit-screen.tsx'), 'RatioEditScreen'),
  },
  {
    path: '/coverage/snapshots',
    title: '期报',
    permission: 'coverage.read',
    screen: lazyRouteComponent(() => import('../coverage/snapshots-screen.tsx'), 'SnapshotsScreen'),
  },
  {
    path: '/coverage/snapshots/$id',
    title: '期报',
    permission: 'coverage.read',
    screen: lazyRouteComponent(() => import('../coverage/snapshot-screen.tsx'), 'SnapshotScreen'),
  },
  {
    path: '/coverage/checks',
    title: '数据核验',
    permission: 'coverage.read',
    screen: lazyRouteComponent(() => import('../coverage/checks-screen.tsx'), 'CoverageChecksScreen'),
  },
  {
    path: '/coverage/settings',
    title: '覆盖规则',
    permission: 'coverage.read',
    screen: lazyRouteComponent(() => import('../coverage/settings-screen.tsx'), 'CoverageSettingsScreen'),
  },
  {
    path: '/units/$id/coverage',
    title: '单位覆盖情况',
    permission: 'coverage.read',
    screen: lazyRouteComponent(() => import('../coverage/unit-coverage-screen.tsx'), 'UnitCoverageScreen'),
  },
  {
    path: '/forming',
    title: '组建',
    permission: 'forming.read',
    chapter: '党建',
    icon: <PartitionOutlined />,
    screen: lazyRouteComponent(() => import('../forming/gaps-screen.tsx'), 'GapsScreen'),
  },
  {
    path: '/forming/plans',
    title: '组建方案',
    permission: 'forming.read',
    screen: lazyRouteComponent(() => import('../forming/plans-screen.tsx'), 'PlansScreen'),
  },
  {
    path: '/forming/plans/$id',
    title: '一个组建方案',
    permission: 'forming.read',
    screen: lazyRouteComponent(() => import('../forming/plan-screen.tsx'), 'PlanScreen'),
  },
  {
    path: '/forming/wishes',
    title: '编组要求',
    permission: 'forming.read',
    screen: lazyRouteComponent(() => import('../forming/wishes-screen.tsx'), 'WishesScreen'),
  },
  {
    path: '/forming/rules',
    title: '组建规则',
    permission: 'forming.read',
    screen: lazyRouteComponent(() => import('../forming/rules-screen.tsx'), 'FormingRulesScreen'),
  },
  {
    path: '/founding',
    title: '组建办理',
    permission: 'founding.read',
    chapter: '党建',
    icon: <FileDoneOutlined />,
    screen: lazyRouteComponent(() => import('../founding/board-screen.tsx'), 'FoundingScreen'),
  },
  {
    path: '/founding/list',
    title: '组建办理台账',
    permission: 'founding.read',
    screen: lazyRouteComponent(() => import('../founding/list-screen.tsx'), 'FoundingListScreen'),
  },
  {
    path: '/founding/waiting',
    title: '待开办编组',
    permission: 'founding.read',
    screen: lazyRouteComponent(() => import('../founding/waiting-screen.tsx'), 'FoundingWaitingScreen'),
  },
  {
    path: '/founding/rules',
    title: '办理期限',
    permission: 'founding.read',
    screen: lazyRouteComponent(() => import('../founding/rules-screen.tsx'), 'FoundingRulesScreen'),
  },
  {
    path: '/founding/$id',
    title: '一件组建办理',
    permission: 'founding.read',
    screen: lazyRouteComponent(() => import('../founding/case-screen.tsx'), 'FoundingCaseScreen'),
  },
  {
    path: '/sync',
    title: '同步',
    permission: 'sync.read',
    chapter: '党建',
    icon: <SyncOutlined />,
    screen: lazyRouteComponent(() => import('../sync/board-screen.tsx'), 'SyncScreen'),
  },
  {
    path: '/sync/items',
    title: '同步事项',
    permission: 'sync.read',
    screen: lazyRouteComponent(() => import('../sync/items-screen.tsx'), 'SyncItemsScreen'),
  },
  {
    path: '/sync/calendar',
    title: '同步日历',
    permission: 'sync.read',
    screen: lazyRouteComponent(() => import('../sync/calendar-screen.tsx'), 'SyncCalendarScreen'),
  },
  {
    path: '/sync/templates',
    title: '同步模板',
    permission: 'sync.read',
    screen: lazyRouteComponent(() => import('../sync/templates-screen.tsx'), 'SyncTemplatesScreen'),
  },
  {
    path: '/sync/$id',
    title: '同步事件',
    permission: 'sync.read',
    screen: lazyRouteComponent(() => import('../sync/event-screen.tsx'), 'SyncEventScreen'),
  },
]
