// Words that invented organisations are made of. Signs of sounds come from the order of GB 2312: its first level stands by
// pinyin, so that neighbours sound alike.

/** The 3,755 characters of GB 2312's first level, by pinyin. */
export const signs: string[] = (() => {
  const bytes: number[] = []
  for (let row = 0xb0; row <= 0xd7; row += 1) {
    for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell += 1) bytes.push(row, cell)
  }
  return [...new TextDecoder('gb18030').decode(new Uint8Array(bytes))]
})()

export interface County {
  /** Six digits. */
  code: string
  province: string
  city: string
  name: string
}

// Counties of several provinces, to give names their places.
const places = `辽宁省 大连市 210202中山区 210203西岗区 210204沙河口区 210211甘井子区 210212旅顺口区
辽宁省 沈阳市 210102和平区 210103沈河区 210104大东区 210105皇姑区 210106铁西区
浙江省 嘉兴市 330402南湖区 330411秀洲区 330421嘉善县 330424海盐县 330481海宁市
浙江省 宁波市 330203海曙区 330205江北区 330206北仑区 330211镇海区 330212鄞州区
江苏省 苏州市 320505虎丘区 320506吴中区 320507相城区 320508姑苏区 320581常熟市
山东省 青岛市 370202市南区 370203市北区 370211黄岛区 370212崂山区 370213李沧区
四川省 绵阳市 510703涪城区 510704游仙区 510722三台县 510723盐亭县 510781江油市
云南省 曲靖市 530302麒麟区 530303沾益区 530304马龙区 530322陆良县 530381宣威市
湖北省 宜昌市 420502西陵区 420503伍家岗区 420506夷陵区 420525远安县 420581宜都市
河北省 保定市 130602竞秀区 130606莲池区 130607满城区 130623涞水县 130682定州市`

export const counties: County[] = places.split('\n').flatMap((line) => {
  const [province = '', city = '', ...rest] = line.split(' ')
  return rest.map((text) => ({ code: text.slice(0, 6), province, city, name: text.slice(6) }))
})

export const surnames = [
  ...'王李张刘陈杨赵黄周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚',
]
export const givenSigns = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文志建晓海玉春国永德家景思雨子欣佳宇若诗云清承启嘉书知淑凤梅兰红辉玲峰琳宁博涵怡辰轩彤航哲岚萍荣鹏飞斌波宏利民东生成光天达安福兴振世荣富贵',
]
export const brandSigns = [
  ...'大华兴盛鑫达恒宏盈源泰和丰隆瑞祥顺利通诚信德润嘉美佳金银宝龙凤鹏飞腾翔海洋江河天地云星辰光明辉耀新创联合众志成城百千万亿福禄寿喜安康宁静雅逸远博文思创科智慧启迪凯捷捷锐峰岳山川林森木禾谷田园春夏秋冬东南西北中正方圆长青松柏梅兰竹菊荷莲蓝紫翠碧玉珠琪瑶琳玛莎艾欧普罗维诺特尔斯曼克拉巴卡迪亚利奥雷蒙保联邦国际时代世纪未来希望梦想家友爱善真仁义礼永久长兴旺茂昌荣富贵吉庆如意健力士雄鹰虎豹狮象麒麟鹤雁鸿燕鲲骏驰骋越跃进升腾起航帆舟船港湾岛屿礁滩浪潮波涛泉溪湖泽润雨露霜雪冰霞虹彩霓晨曦旭日升',
]
export const trades =
  `商贸 贸易 科技 装饰工程 建筑工程 物业管理 信息技术 机电设备 房地产开发 餐饮管理 文化传播 广告 投资管理 国际贸易 咨询 物流 电子科技
信息咨询 汽车销售服务 机械设备 建筑劳务 科技发展 商务咨询 企业管理咨询 房地产经纪 国际旅行社 医疗器械 食品 服装 化工 建材 电力工程 环保科技 网络科技 软件 人力资源服务
会计师事务所 教育咨询 五金机电 家政服务 货运代理 船舶工程 仪器仪表 酒店管理 印刷 家具 水产 农业开发 水电开发 种植 养殖 典当 拍卖 担保 租赁 保安服务 保洁服务 健身服务
美容美发 口腔诊所 药业 生物科技 新能源 节能技术 自动化设备 通讯设备 防水工程 园林绿化工程 消防工程 钢结构 塑料制品 包装制品 橡胶制品 电缆 阀门 轴承 起重机械 制冷设备`.split(
    /\s+/,
  )
export const forms = [
  ...Array.from({ length: 15 }, () => '有限公司'),
  '有限责任公司',
  '有限责任公司',
  '股份有限公司',
  '厂',
  '集团有限公司',
]
export const fields =
  '机械 物流 餐饮 电子商务 青少年科技 健身气功 社区志愿服务 养老服务 儿童早教 会计 民办教育 书法 摄影 钓鱼 水产 律师 心理健康 法律援助 跨境贸易 商贸流通 乒乓球 太极拳 舞蹈 象棋 环境保护 物业管理 民营经济 家政'.split(
    ' ',
  )
const roadSigns = [
  ...'中山人民解放建设和平胜利黄河长江珠江西安东北南北兴工民政连胜锦绣永平春柳香沙富民同泰成仁联合太原迎春新华',
]
export const roadNames: string[] = Array.from(
  { length: 240 },
  (_, at) =>
    `${roadSigns[(at * 7) % roadSigns.length]}${roadSigns[(at * 13 + 5) % roadSigns.length]}${['路', '街', '巷', '大街', '园'][at % 5]}`,
)

/** The roads of a county: a part of all there are. */
export function roads({ code }: County): string[] {
  const start = Number(code) % 7
  return roadNames.filter((_, at) => at % 7 !== start)
}
export const shopPlaces =
  '和平广场 星海 春柳 火车站 大学城 万达 锦绣 开发区 老城 中心 体育馆 码头 东门 西门 北站 南站'.split(' ')
export const buildings = '国际大厦 科技广场 金座 银河大厦 商务中心 恒隆广场 时代大厦 A座 B座 创业园'.split(' ')
