// What people choose when a rule asks for ten characters of three classes: a word everybody thinks of, dressed up with
// digits and signs. Written by hand; words in their plain form (lower case, no digits or signs at the ends).
const words = `
password passwd passw pass passphrase secret letmein welcome hello iloveyou lovely loveme admin administrator root
superuser user guest test tester testing demo sample default changeme change login master manager system server
database oracle mysql postgres postgresql windows microsoft office computer internet network wireless security secure
qwerty qwertyuiop qwert asdf asdfgh asdfghjkl zxcv zxcvb zxcvbn zxcvbnm qazwsx qazwsxedc wsxedc qweasd qweasdzxc
asdzxc qwer qaz wsx poiuytrewq mnbvcxz lkjhgfdsa abc abcd abcde abcdef abcdefg abcdefgh abcdefghij aaa aaaa aaaaa
aaaaaa aaaaaaaa aaaaaaaaaa xxx xxxxxx zzz asd zxc qwe asdasd qweqwe abcabc abab
dragon monkey football baseball basketball soccer superman batman spiderman starwars pokemon princess sunshine shadow
freedom flower summer winter spring autumn summertime winter january february march april may june july august
september october november december monday tuesday wednesday thursday friday saturday sunday
michael michelle jennifer jordan charlie daniel george thomas andrew jessica ashley amanda robert william david
richard joseph matthew anthony mustang ferrari mercedes porsche corvette harley yamaha toyota honda
whatever trustno nothing access killer hunter ranger buster tigger ginger pepper cookie cheese chocolate banana orange
purple yellow silver golden diamond crystal angel heaven jesus christ blessed family forever friend friends happy lucky
money dollar million success winner champion number phone mobile iphone android apple google baidu tencent alibaba
taobao weixin wechat weibo qq huawei xiaomi lenovo china chinese beijing shanghai guangzhou shenzhen tianjin chongqing
chengdu hangzhou nanjing wuhan xian dalian shenyang changchun haerbin jinan qingdao zhengzhou changsha hefei fuzhou
xiamen nanchang kunming guiyang nanning haikou lasa lanzhou xining yinchuan wulumuqi huhehaote taiyuan shijiazhuang
suzhou wuxi ningbo dongguan foshan zhuhai zhongguo zhonghua zhonghuarenmin renmin zuguo woaizhongguo woaizuguo
woaibeijing aizhongguo zhongguoren beijinghuanyingni
dangjian dangwu dangwei dangzhibu dangyuan dangzuzhi zhibu dangjianban dangjiangongzuo zuzhibu xianwei xianweizuzhibu
shiwei shiweizuzhibu quwei quweizuzhibu shegongbu shehuigongzuobu shehuigongzuo liangxin liangxindangjian
liangxinzuzhi liangxingongwei gongwei zuzhi zuzhichu jiguan bangongshi danganguan minzhengju gongshangju shuiwuju
shichangjianguan shichangjianguanju jianguanju fagaiwei gongxinju jiaoyuju weijianju renshe rensheju gongshanglian
zonggonghui tuanwei fulian jiedao shequ xiangzhen cunwei zhengfu xianzhengfu quzhengfu shizhengfu
gongchandang gongchandangyuan zhongguogongchandang gongchan wansui zhongguogongchandangwansui weirenminfuwu
buwangchuxin laojishiming buwangchuxinlaojishiming xinshidai shierda ershida zhongyang
woaini woaiwojia woaiwo woaishui wobuaini woshishui woxihuanni aini ainiyiwannian yishengyishi yishengaini yiwannian
woshini nihao nihaoma nihaoshijie zaijian xiexie duibuqi mima wodemima mimashi mimamima denglu zhanghao yonghu
guanliyuan guanli xitong xitongguanliyuan xitongguanli pingtai ceshi ceshizhanghao yanshi moren chushi chushimima
gongsi qiye dianhua shouji diannao wangluo anquan wodediannao women nimen tamen dajia
kuaile shengrikuaile xinniankuaile xinnianhao gongxifacai facai facaile wanshiruyi xingfu pingan yilupingan jiankang
meili piaoliang shuaige meinv baobao baobei xiaobao dabao erbao laopo laogong mama baba mamababa babamama laoma laoba
jiejie gege didi meimei erzi nver haizi xiaohai xuesheng laoshi tongxue pengyou haopengyou
zhangsan lisi wangwu zhaoliu wangwei wangfang zhangwei zhangmin lina liwei liuwei liuyang wangli wangjing liujing
zhangli yangyang chenchen xiaoming xiaohong xiaozhang xiaowang xiaoli xiaoliu laowang laozhang laoli
caonima nimade tamade wocao shabi nishizhu jiushiaini jiushi dabaicai tudou xigua pingguo xiangjiao
longteng fenghuang laohu xiongmao tuzi xiaogou xiaomao jiafei shuijing xingxing yueliang taiyang tiankong dahai
cdefg ijkl mnop qrst tuvw xyz abcxyz onetwothree yiersan yiersansi ersansiwu sanliuyijiu
`
  .trim()
  .split(/\s+/)

// Whole walks over the keyboard and digit songs; digits and signs are part of them.
const walks = `
1qaz2wsx3edc 1qaz@wsx3edc !qaz2wsx3edc 1qaz2wsx#edc !qaz@wsx3edc 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 q1w2e3r4t5y6
zaq12wsx 1qazxsw2 1qazxsw23edc !qaz@wsx#edc 1qaz!qaz2wsx@wsx 2wsx3edc4rfv 1234qwerasdf 1234qwer!@#$ qwer1234!@#$
abcd1234!@#$ asdf1234!@#$ !@#$1234qwer 1a2b3c4d5e a1b2c3d4e5 a1s2d3f4g5 5201314aini woaini1314520 1314520woaini
123qweasdzxc 123qwe!@#asd 123qwe!@#qwe qwe123!@#asd 123456abcdef 123456qwerty abc123456789 a123456789 q123456789
aa123456789 qq123456789 zxc123456789 asd123456789 qwe123456789
`
  .trim()
  .split(/\s+/)

/** Words and keyboard walks that no password may be made of; all lower case. */
export const commonPasswords: ReadonlySet<string> = new Set([...words, ...walks])
