import ApartmentOutlined from '@ant-design/icons/ApartmentOutlined'
import AuditOutlined from '@ant-design/icons/AuditOutlined'
import BookOutlined from '@ant-design/icons/BookOutlined'
import ClusterOutlined from '@ant-design/icons/ClusterOutlined'
import CarryOutOutlined from '@ant-design/icons/CarryOutOutlined'
import EnvironmentOutlined from '@ant-design/icons/EnvironmentOutlined'
import FieldTimeOutlined from '@ant-design/icons/FieldTimeOutlined'
import FileSearchOutlined from '@ant-design/icons/FileSearchOutlined'
import FilterOutlined from '@ant-design/icons/FilterOutlined'
import HomeOutlined from '@ant-design/icons/HomeOutlined'
import IdcardOutlined from '@ant-design/icons/IdcardOutlined'
import ImportOutlined from '@ant-design/icons/ImportOutlined'
import OrderedListOutlined from '@ant-design/icons/OrderedListOutlined'
import PartitionOutlined from '@ant-design/icons/PartitionOutlined'
import PieChartOutlined from '@ant-design/icons/PieChartOutlined'
import ProfileOutlined from '@ant-design/icons/ProfileOutlined'
import SafetyOutlined from '@ant-design/icons/SafetyOutlined'
import TeamOutlined from '@ant-design/icons/TeamOutlined'
import { lazyRouteComponent } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** The chapters of the side menu, in order. A chapter without a screen the person may see is not shown. */
export const chapters = ['工作台', '摸排', '党建', '机构', '系统'] as const

export interface Screen {
  path: string
  title: string
  /** Which permission opens it; anyone signed in when `signedIn`. */
  permission: string
  /** Stands in the side menu under this chapter; a screen without one is reached from another screen. */
  chapter?: (typeof chapters)[number]
  icon?: ReactNode
  /** Fills the whole window: without head and menu. */
  bare?: boolean
  screen: ReturnType<typeof lazyRouteComponent>
}

/** Every screen behind sign-in, read downwards: the order is the menu's order. */
export const screens: readonly Screen[] = [
  {
    path: '/',
    title: '今日',
    permission: 'signedIn',
    chapter: '工作台',
    icon: <HomeOutlined />,
    screen: lazyRouteComponent(() => import('./home.tsx'), 'HomeScreen'),
  },
  {
    path: '/units',
    title: '台账',
    permission: 'ledger.unit.read',
    chapter: '摸排',
    icon: <BookOutlined />,
    screen: lazyRouteComponent(() => import('../ledger/units-screen.tsx'), 'UnitsScreen'),
  },
  {
    path: '/units/$id',
    title: '一企一档',
    permission: 'ledger.unit.read',
    screen: lazyRouteComponent(() => import('../ledger/unit-screen.tsx'), 'UnitScreen'),
  },
  {
    path: '/units/$id/links',
    title: '比对记录',
    permission: 'linkage.queue.read',
    screen: lazyRouteComponent(() => import('../linkage/unit-links-screen.tsx'), 'UnitLinksScreen'),
  },
  {
    path: '/funnel',
    title: '甄别',
    permission: 'ledger.unit.read',
    chapter: '摸排',
    icon: <FilterOutlined />,
    screen: lazyRouteComponent(() => import('../ledger/funnel-screen.tsx'), 'FunnelScreen'),
  },
  {
    path: '/funnel/rows',
    title: '来源行',
    permission: 'ledger.import.read',
    screen: lazyRouteComponent(() => import('../ledger/funnel-rows-screen.tsx'), 'FunnelRowsScreen'),
  },
  {
    path: '/rules',
    title: '取值规则',
    permission: 'ledger.unit.read',
    chapter: '摸排',
    icon: <OrderedListOutlined />,
    screen: lazyRouteComponent(() => import('../ledger/survivorship-screen.tsx'), 'SurvivorshipScreen'),
  },
  {
    path: '/imports',
    title: '导入',
    permission: 'ledger.import.read',
    chapter: '摸排',
    icon: <ImportOutlined />,
    screen: lazyRouteComponent(() => import('../ledger/imports-screen.tsx'), 'ImportsScreen'),
  },
  {
    path: '/imports/$id',
    title: '导入文件',
    permission: 'ledger.import.read',
    screen: lazyRouteComponent(() => import('../ledger/import-screen.tsx'), 'ImportScreen'),
  },
  {
    path: '/queue',
    title: '待核对',
    permission: 'linkage.queue.read',
    chapter: '摸排',
    icon: <AuditOutlined />,
    screen: lazyRouteComponent(() => import('../linkage/queue-screen.tsx'), 'QueueScreen'),
  },
  {
    path: '/link-model',
    title: '比对模型',
    permission: 'linkage.queue.read',
    screen: lazyRouteComponent(() => import('../linkage/model-screen.tsx'), 'ModelScreen'),
  },
  {
    path: '/queue/$id',
    title: '核对一行',
    permission: 'linkage.queue.read',
    screen: lazyRouteComponent(() => import('../linkage/queue-item-screen.tsx'), 'QueueItemScreen'),
  },
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
    path: '/users',
    title: '用户',
    permission: 'office.user.read',
    chapter: '机构',
    icon: <TeamOutlined />,
    screen: lazyRouteComponent(() => import('../office/users-screen.tsx'), 'UsersScreen'),
  },
  {
    path: '/roles',
    title: '角色',
    permission: 'office.role.read',
    chapter: '机构',
    icon: <SafetyOutlined />,
    screen: lazyRouteComponent(() => import('../office/roles-screen.tsx'), 'RolesScreen'),
  },
  {
    path: '/regions',
    title: '区划',
    permission: 'signedIn',
    chapter: '机构',
    icon: <ApartmentOutlined />,
    screen: lazyRouteComponent(() => import('../office/regions-screen.tsx'), 'RegionsScreen'),
  },
  {
    path: '/places',
    title: '区域',
    permission: 'office.place.read',
    chapter: '机构',
    icon: <EnvironmentOutlined />,
    screen: lazyRouteComponent(() => import('../office/places-screen.tsx'), 'PlacesScreen'),
  },
  {
    path: '/jobs',
    title: '作业',
    permission: 'signedIn',
    chapter: '系统',
    icon: <FieldTimeOutlined />,
    screen: lazyRouteComponent(() => import('../office/jobs-screen.tsx'), 'JobsScreen'),
  },
  {
    path: '/journal',
    title: '操作日志',
    permission: 'office.journal.read',
    chapter: '系统',
    icon: <ProfileOutlined />,
    screen: lazyRouteComponent(() => import('../office/journal-screen.tsx'), 'JournalScreen'),
  },
  {
    path: '/me',
    title: '我的账号',
    permission: 'signedIn',
    screen: lazyRouteComponent(() => import('../office/account-screen.tsx'), 'AccountScreen'),
  },
]
