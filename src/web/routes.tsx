import ApartmentOutlined from '@ant-design/icons/ApartmentOutlined'
import AuditOutlined from '@ant-design/icons/AuditOutlined'
import BookOutlined from '@ant-design/icons/BookOutlined'
import EnvironmentOutlined from '@ant-design/icons/EnvironmentOutlined'
import FieldTimeOutlined from '@ant-design/icons/FieldTimeOutlined'
import FilterOutlined from '@ant-design/icons/FilterOutlined'
import HomeOutlined from '@ant-design/icons/HomeOutlined'
import ImportOutlined from '@ant-design/icons/ImportOutlined'
import OrderedListOutlined from '@ant-design/icons/OrderedListOutlined'
import ProfileOutlined from '@ant-design/icons/ProfileOutlined'
import SafetyOutlined from '@ant-design/icons/SafetyOutlined'
import TeamOutlined from '@ant-design/icons/TeamOutlined'
import { lazyRouteComponent } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { partyScreens } from './party-screens.tsx'

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
  ...partyScreens,
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
