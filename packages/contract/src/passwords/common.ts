/**
 * Stems of the passwords that guessing tries first, as `stemOf` gives them: with digits and signs around them, with
 * look-alike signs, they stay the same. One line stands for thousands of spellings of at least twelve characters.
 */
const STEMS = `
aaa aaaaaa abc abcabc abcd abcdef abcdefg abcdefgh abcdefghij abcdefghijkl access accessdenied
accessgranted accounting admin adminadmin administrateur administration administrator airforce amanda
amazon america american andrew android anthony apple applemac apples april arduino arsenal arsenalfc
asdf asdfasdf asdfgh asdfghjkl ashley august australia autumn azerty azertyuiop bailey banana bananas
barcelona baseball baseballs basketball batman batmanbatman batterystaple bayern bayernmuenchen beatles
bella berlin bestfriend bestfriends bienvenido bienvenue birthday blackberry blessed blessing blink
bonjour boss broker brokerpassword burger business buster butterflies butterfly canada canadian captain
captainamerica centos changeit changeme changemenow changepassword changethis charlie cheese cheesecake
chelsea chelseafc chicago chicken chocolate christmas client coffee coffeebean company companyname
complex complexpassword computer computers computerscience contrasena cookie cookiemonster cookies
cooper correcthorse correcthorsebattery correcthorsebatterystaple corvette crystal customer daniel
database debian december default defaultpassword demo demodemo demopassword device devicepassword
diamond diamonds docker donald donaldduck dortmund dragon dragonball dragonfly dragonslayer ducati eagle
eagles easter elvis eminem employee emqx england enter entrance europe example examplepassword facebook
faithful falcon family february ferrari finance firewall flower flowers football footballer forever
foreverandever foreveryoung fortnite france freedom freedomfreedom friday friends friendship garfield
gatehouse gatehousegatehouse gatekeeper gateway germany ginger golden golfing goodluck goodmorning
goodnight google guest guestguest guitar guitars hacked hacker hackers hackme hallohallo halloween happy
happybirthday happyday happynewyear hardtoguess harley harleydavidson haslo hello hellohello helloworld
helpdesk hiphop hivemq hockey hola homersimpson honda hunter hunters icecream ilovegod ilovemydog
ilovemyself ilovemywife iloveu iloveyou iloveyouforever iloveyousomuch instagram intern internet
internetexplorer iot iotdevice ironman italy january jennifer jessica jesus jesuschrist jesuslovesme
jordan joshua july june juventus kawasaki killer killers kubernetes letmein letmeinnow letmeinplease
liberty linkedin linux lion liverpool liverpoolfc login loginlogin london londonengland lorem loremipsum
loremipsumdolor losangeles losenord lovelove loveyou macintosh maggie management manager manchester
manchesterunited manutd march marine marines marketing master masterkey mastermaster mastermind
masterpassword matthew mercedes mercedesbenz merrychristmas metallica mexico michael michaeljackson
michaeljordan mickey mickeymouse microsoft minecraft modem molly monday monkey monkeymonkey mosquitto
motdepasse mqtt mqttbroker mqttmqtt music musicmusic mustang myfamily mypass mypassword mypasswordis
mysecret nanomq navy navyseal netflix network networking newpass newpassword newyear newyork newyorkcity
nicole nirvana nobody nokia nopassword nothing notsecret november october office officeoffice officer
oldpassword onepassword onetwothree onetwothreefour opensesame openup orange orangeblue oranges panther
paris parola passphrase passwd password passworded passwordisgood passwordone passwordpassword passwort
pepper pikachu pineapple pirate pirates pizza pizzapizza please pleasechange pleasechangeme
pleaseletmein pokemon pokemonmaster police porsche princess princesses privat private public purple
qazwsx qazwsxedc qazwsxedcrfv qwerty qwertyqwerty qwertyui qwertyuiop qwertyuiopasdf qwertz qwertzuiop
rabbitmq rainbow rainbows ranger rangers raspberry raspberrypi realmadrid redhat replaceme robert
rocknroll rocky rockyou root rootroot router sadie safe safety salasana sample samsung saturday scooby
scoobydoo secret secretkey secretpassword secretsecret secure securepassword security securitysecurity
senha sensor september server servers service services setme shadow shadowhunter shadows silver simpson
slipknot snoopy snoopydog soccer soldier spain spiderman spidermanspiderman spring springtime staff
startrek starwars strawberry strong strongpassword summer summertime sunday sunshine sunshinesunshine
superadmin superman supermansuperman supersecret superuser support suzuki swimming sysadmin system
systemadmin systems tbmq temp temporary temporarypassword temppassword tennis test tester testing
testpassword testtest testuser texas thanks thankyou thepassword thequickbrown thequickbrownfox
thingsboard thisismypassword thisispassword thomas thursday tiger tigers tigger tinkerbell tobeornot
tobeornottobe together toor topsecret toyota trustno trustnobody trustnoone tuesday twitter ubuntu
unbreakable uncrackable unhackable unicorn unicorns user username useruser vernemq verysecret visitor
wachtwoord warrior warriors wednesday welcome welcomehome welcometo whatever whateverwhatever whocares
willkommen windows winter wintertime wolf wolves wonderwoman xxx xxxxxx yamaha yellow yourpassword
youtube zxcvbnm zxcvbnmzxcvbnm zzzzzz
`;

export const COMMON_PASSWORD_STEMS: ReadonlySet<string> = new Set(STEMS.trim().split(/\s+/));
