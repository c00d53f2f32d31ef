import 'antd/dist/antd.css'
import '../ui/theme.css'
import '../ui/kit.css'
import '../ui/kit-parts.css'
import '../ui/room-parts.css'
import './web.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import zhCN from 'antd/locale/zh_CN'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { Asker } from '../ui/confirm.tsx'
import { Notices } from '../ui/notice.tsx'
import { makeQueryClient } from '../ui/query.ts'
import { theme } from '../ui/theme.ts'
import { speakChinese } from '../base/zod-words.ts'
import { router } from './router.tsx'

speakChinese()
// The page forbids code made from text, so zod must not try to make any.
z.config({ jitless: true })
const queries = makeQueryClient()
const place = document.getElementById('app')
if (!place) throw new Error('index.html has no #app')

const motion = !matchMedia('(prefers-reduced-motion: reduce)').matches

createRoot(place).render(
  <ConfigProvider
    locale={zhCN}
    theme={{ ...theme, token: { ...theme.token, motion } }}
    button={{ autoInsertSpace: false }}
    wave={{ disabled: true }}
  >
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
    <Asker />
    <Notices />
  </ConfigProvider>,
)
