// Syllables and words of the invented district. Every name is put together from these lists.

const syllables = (text: string) => Array.from(text)

export const surnames = syllables(
  '王李张刘陈杨赵黄周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖',
)
export const givenFirst = syllables('文志建晓海玉春秀国永明德家景思雨子欣佳宇若诗云清承启嘉书知淑凤桂')
export const givenSecond = syllables('华强伟芳敏静丽军杰涛超霞平刚辉玲峰娟颖琳宁博涵怡辰轩彤航哲岚萍荣')

export const brandFirst = syllables('澜珩屿霁曜岑沁芃弘朗铭睿骏昊启泽瀚盈栩桓谦茂禾砚畅皓澄翊榕钧')
export const brandSecond = syllables('舟川桥禾丰澍宸达源晟途翼拓和邦科恒诺麦森图蓝塔野远鹿泉舸锦越')
export const brandThird = syllables('特思达美尔凯隆格德通')

/** A line of business: the word in a company's name, the division of GB/T 4754-2017 it is registered under, its share. */
export interface Trade {
  word: string
  industry: string
  share: number
}

export const companyTrades: Trade[] = [
  { word: '商贸', industry: '批发业', share: 12 },
  { word: '贸易', industry: '批发业', share: 8 },
  { word: '电子科技', industry: '计算机、通信和其他电子设备制造业', share: 6 },
  { word: '信息技术', industry: '软件和信息技术服务业', share: 8 },
  { word: '网络科技', industry: '互联网和相关服务', share: 6 },
  { word: '精密机械', industry: '通用设备制造业', share: 7 },
  { word: '五金制品', industry: '金属制品业', share: 6 },
  { word: '木业', industry: '木材加工和木、竹、藤、棕、草制品业', share: 5 },
  { word: '服饰', industry: '纺织服装、服饰业', share: 6 },
  { word: '建筑工程', industry: '房屋建筑业', share: 6 },
  { word: '装饰工程', industry: '建筑装饰、装修和其他建筑业', share: 6 },
  { word: '物流', industry: '道路运输业', share: 5 },
  { word: '供应链管理', industry: '多式联运和运输代理业', share: 3 },
  { word: '物业管理', industry: '房地产业', share: 4 },
  { word: '人力资源服务', industry: '商务服务业', share: 4 },
  { word: '企业管理咨询', industry: '商务服务业', share: 6 },
  { word: '文化传媒', industry: '广播、电视、电影和录音制作业', share: 4 },
  { word: '生物科技', industry: '研究和试验发展', share: 3 },
  { word: '食品', industry: '食品制造业', share: 4 },
  { word: '环保设备', industry: '专用设备制造业', share: 3 },
]

export const shopTrades: Trade[] = [
  { word: '副食店', industry: '零售业', share: 9 },
  { word: '便利店', industry: '零售业', share: 9 },
  { word: '面馆', industry: '餐饮业', share: 8 },
  { word: '小吃店', industry: '餐饮业', share: 7 },
  { word: '服装店', industry: '零售业', share: 7 },
  { word: '五金店', industry: '零售业', share: 6 },
  { word: '理发店', industry: '居民服务业', share: 6 },
  { word: '水果店', industry: '零售业', share: 6 },
  { word: '汽车修理部', industry: '机动车、电子产品和日用产品修理业', share: 5 },
  { word: '建材经营部', industry: '零售业', share: 5 },
  { word: '家具加工厂', industry: '家具制造业', share: 3 },
  { word: '茶行', industry: '零售业', share: 2 },
]

export const cooperativeWords = ['果蔬', '水稻', '水产养殖', '花卉苗木', '食用菌', '农机']
export const tradeAssociationWords = [
  '木业',
  '电子商务',
  '餐饮',
  '物流',
  '水产',
  '人力资源',
  '家政服务',
  '养老服务',
  '物业管理',
  '环境保护',
  '装饰',
  '花卉',
]
export const tradeAssociationForms = ['行业协会', '商会', '协会', '联合会']
export const hobbyAssociationWords = [
  '摄影',
  '书法',
  '太极拳',
  '骑行',
  '钓鱼',
  '志愿者',
  '青年创业',
  '女企业家',
  '集邮',
  '音乐舞蹈',
  '羽毛球',
  '茶文化',
]
export const serviceWords = [
  '社会工作',
  '养老服务',
  '公益',
  '社区发展',
  '儿童早教',
  '职业技能',
  '心理健康',
  '文化艺术',
  '体育健身',
  '家庭教育',
]
export const serviceForms = ['服务中心', '活动中心', '服务社', '促进中心', '研究院']
export const supervisors = ['教育局', '民政局', '文化和旅游局', '人力资源和社会保障局', '无', '无']

export const roadFirst = syllables('澄霁芃岚砚桐樾禾柏沁')
export const roadSecond = syllables('湖园溪塘桥星云源阳泽')
export const roadForms = ['路', '路', '路', '大道', '街', '巷']
export const buildingNames = ['启明科创园', '云帆大厦', '禾创中心', '同舟广场', '砚湖商务楼', '百工市场']
export const branchPlaces = ['一', '二', '三', '城东', '城西', '高铁站', '湖滨', '老街']
