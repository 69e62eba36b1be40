"""In how many ways the end of messages is asked for, by the reason that people give, and what only sounds like it.

The rows were written from what people do (they refuse, they take a yes back, they threaten, they hold somebody else's
phone), and not from the lists of the reader; each kind is told with its negation, its time and its third party.
"""

from __future__ import annotations

import pytest

from hotline.model import Language
from hotline.triage.urgency import Label, classify

EN, ES, PT, HT = Language.EN, Language.ES, Language.PT, Language.HT

ENDS = {
    EN: """
        : plain, short
        enough texts | please quit it with the texts | turn these off | turn it off please | shut
        these off | cancel these texts | disenroll me | deactivate my texts | unlist this number |
        terminate these messages | cease and desist | end the texts | no further texts | no more of
        these texts please | i dont want your texts | dont want any of these messages | not
        interested in your texts | reply stop | text stop | STOP STOP | remove this # | drop me from
        this list | get me off these texts | please disconnect me from these texts
        : misspelt, slipped, spaced
        shop texting me | step texting me | stoo texting me | sto texting me | dtop sending me these
        | stoptexting me | plz stp msgng me | unsubcsribe | unsubscribr me pls | un-subscribe | o p
        t o u t | S-T-O-P | u n s u b s c r i b e | opt me outt | op out of these texts | dont tect
        me anymore | do not txet me again | remve me from the list | stop txtng | pls stopp txting
        me | no mor txts pls | qiut texting me
        : polite, asked as a question
        would you mind taking me off the list | could you please not text me anymore | can i be
        taken off these texts | is there any way to not get these messages | any way you could stop
        the texts | would it be possible to stop these messages | i would like to be removed from
        the text list | i'd like to stop getting these messages please | may i ask you to stop
        texting me | if you could take me off the texting list id appreciate it | kindly discontinue
        messaging this number | please be so kind and take my number off | can you guys please not
        message this phone again | I would appreciate not getting these texts any more | im good
        thanks no more messages please | appreciate you all but i'm good on the texts | all set, no
        need to keep texting | thank you for checking in, no need to text again
        : consent taken back, law
        i withdraw my consent to be texted | I revoke consent for text messages | i take back my
        permission to text me | consent withdrawn, do not text | i no longer consent to texts from
        you | you do not have my permission to text this number | I never opted in. Remove me |
        under the tcpa i revoke my consent to be messaged | this is my written notice to stop
        texting me | this number is on the do not call registry, remove it
        : threats
        one more text and i report you | text me again and i call my lawyer | keep texting and ill
        file a complaint | next message goes to the FCC | send me one more and im blocking this
        number | im reporting this as spam, stop it | if these keep coming im calling my attorney
        : wrong number, new owner, somebody else's phone
        wrong number, please don't write | you got the wrong person, quit messaging | wrong # take
        it off | this isn't Tanya's phone anymore. stop texting it | I just got this number, whoever
        you want isn't here, please remove it | my mom died and this was her phone, please stop
        texting it | this is a work phone, don't text it | this is a landline for a bakery, please
        take us off | you have the wrong guy lose this number | my kid uses this phone, don't send
        anything to it | nobody named Rick here, stop | this number belongs to a church, remove it
        please | wrong number buddy, no more texts | i am not your patient. do not message me | this
        is not Carla and i dont want her reminders
        : complaint, then
        waited six weeks for a call back and all i get is robots. unsubscribe | my bill was wrong
        twice and you lost my file. take me off your texts | the counselor never showed up. done
        with you people, no more texts | nobody answers but you sure can text. quit it | phone wont
        stop beeping cause of you, no more messages | these texts wake up my baby, please stop | my
        boss saw one of these on my screen. do not send any more | they charge me per text, please
        cancel | every single morning at 6. enough with the texts
        : other reasons
        my husband reads my phone so no more texts | no more messages, my wife is getting suspicious
        | please dont text here my boyfriend checks it | moved out of state so take me off | i go to
        another clinic now, you can stop the reminders | three years sober, dont need these
        reminders | i'm out of the program now so no need for the texts | i got my bed, the
        reminders can end | changed my mind about these texts, take me off | signed up by mistake,
        please take me off these texts | you can take my number out of your system now | no point in
        texting me, i moved
        : rude
        leave me tf alone | leave me the eff alone with these texts | get off my phone | gtfo my
        phone | fuck off with the texts | quit harassing me | stop bugging me | stop bothering me |
        stop blowing my phone up | lose my number already | get lost with your reminders | delete my
        number you clowns | sick of these damn texts | i said stop | i said no more texts | how many
        times do i have to say stop texting
        : channel, our calls stay
        call me if you need me but stop texting | i prefer mail, no more texts | phone calls only,
        dont text
    """,
    ES: """
        : plain, short
        para | ya para | para ya | salir | dejen de avisarme | no mas avisos | cancelen los
        avisos | apaguen esto | quítenme de eso | desactívenme | sáquenme de los textos | no quiero
        sus textos | cero textos | terminen esto ya | ya no manden | no me avisen más | silencien
        esto | anulen mis mensajes
        : misspelt
        degen de mandarme testos | parn de mandar | no me escrivan mas | kitenme d la lista | no
        kiero mas mensages | borrenme d ahi | dar de vaja | darme de vaja | desuscrivirme | s t o p
        | p a r a | b a j a | canselen los textos | saken mi numero | dejen d textiar
        : polite, questions
        ¿podrían dejar de mandarme mensajes? | ¿sería posible no recibir más avisos? | ¿me podrían
        sacar de la lista, por favor? | ¿pueden quitar este número? | quisiera que no me escribieran
        más | les pido por favor no enviarme más mensajes | me gustaría dejar de recibir estos
        textos | le agradecería que no me mandara más recordatorios | muchas gracias por todo pero
        ya no me escriban | Dios los bendiga, ya no necesito los mensajes | ya no hace falta que me
        manden recordatorios, gracias | disculpe la molestia, no envíe más mensajes a este número |
        muy amables pero no me manden más
        : consent, law
        revoco mi consentimiento para recibir textos | retiro el permiso que di para los mensajes |
        no autorizo que me escriban | nunca di permiso para mensajes, quítenme | solicito la baja de
        estos mensajes | solicito que mi número sea eliminado | por medio de la presente pido no ser
        contactado más | no tienen mi autorización para mandarme textos | anulo la autorización de
        mensajes
        : threats
        un mensaje más y los denuncio | si me vuelven a escribir llamo a mi abogado | si siguen
        escribiendo los reporto | otro texto más y bloqueo este número | voy a poner una queja si no
        paran los mensajes | los voy a reportar, dejen de mandar
        : wrong number, new owner
        número equivocado, no manden más | se equivocaron de persona, borren este número | yo no soy
        Marisol, no me escriban | este celular ya no es de Julio, dejen de mandar recordatorios |
        este número es mío desde ayer, quítenlo de su lista | aquí no vive esa persona, no escriban
        | es el teléfono de mi hija de ocho años, no manden nada | esto es una panadería, saquen
        este número | mi papá falleció, por favor no manden más sus recordatorios | no conozco a
        ningún Luis, paren los mensajes | no soy el paciente, ya no me manden sus citas
        : complaint, then
        seis semanas esperando y nadie llama. Bórrenme | me cobraron dos veces y encima tanto
        mensaje. Ya no manden más | el consejero nunca llegó, no quiero más textos de ustedes |
        nadie contesta pero bien que mandan mensajes, basta | suena toda la noche, apaguen esos
        mensajes | me despiertan al bebé, paren los textos | cada mañana a las seis, ya no quiero
        más avisos | me cobran cada texto, cancelen por favor | sus mensajes no me ayudan en nada,
        quítenlos
        : other reasons
        mi esposo me revisa el teléfono, no me escriban | mi mujer lee mis mensajes, no manden más |
        ya voy a otra clínica, dejen los recordatorios | me mudé a Florida, bórrenme | llevo dos
        años limpio, ya no necesito los avisos | ya salí del programa, no me manden mensajes |
        cambié de opinión, no quiero los avisos | ya conseguí cama, pueden parar los mensajes
        : rude
        dejen de joder con los mensajes | no chinguen con sus mensajes | déjenme en paz | déjenme
        tranquilo con esos textos | ya me tienen harta con sus mensajes | métanse sus mensajes por
        donde no da el sol | ya les dije que no manden más | cuántas veces tengo que decir que no me
        escriban
        : channel
        no me texteen, mejor llámenme | si me necesitan llamen, pero no más mensajes
    """,
    PT: """
        : plain, short
        para | chega | basta | fim | sai dessa, para com as mensagens | parem de me avisar | sem
        mais avisos | cancelem os avisos | desliga isso | me descadastrem | desativa | me tirem das
        mensagens | não quero suas mensagens | zero mensagens | não manda mais | não me avisem mais
        | silencia isso | anulem minhas mensagens | encerrar
        : misspelt
        parem d mandar mensajem | pare de manda mensage | nao quero mas mensagem | n quero + msg |
        mi tira da lista | descadrastar | descadastar | dezcadastrar | canselar | cansela as
        mensagens | stop | s a i r | p a r e | nao mi manda mais nada | naum me mandem mais | parra
        de mandar msg | parem de enviar msgm | tira meu numro dai | remov meu numero
        : polite, questions
        vocês poderiam parar de me mandar mensagens? | seria possível não receber mais avisos? |
        podem me tirar da lista, por favor? | tem como não receber mais isso? | dá pra tirar meu
        número? | gostaria que não me escrevessem mais | peço por favor que não enviem mais
        mensagens | queria deixar de receber esses textos | agradeceria se não me mandassem mais
        lembretes | muito obrigada por tudo mas não precisa mais mandar | Deus abençoe, não preciso
        mais das mensagens | desculpa o incômodo, não envie mais pra esse número | vocês são ótimos
        mas não quero mais receber
        : consent, law
        revogo meu consentimento para receber mensagens | retiro a permissão que dei para os textos
        | não autorizo o envio de mensagens | nunca dei permissão pra mensagem, me tirem | solicito
        o cancelamento dos SMS | solicito que meu número seja removido | venho pedir para não ser
        mais contatado | vocês não têm minha autorização pra mandar mensagem | cancelo a autorização
        das mensagens
        : threats
        mais uma mensagem e eu denuncio | se me escreverem de novo chamo meu advogado | se
        continuarem mandando vou reclamar no procon | outra mensagem e bloqueio esse número | vou
        processar se não pararem com as mensagens | denunciando como spam, parem
        : wrong number
        número errado, não mandem mais | pessoa errada, apaguem esse número | eu não sou a Márcia,
        não me escrevam | esse celular não é mais do Júlio, parem de mandar lembrete | esse número
        agora é meu, tirem da lista | é o celular da minha filha de oito anos, não mandem nada |
        aqui é uma padaria, tirem esse número | meu pai faleceu, por favor não mandem mais os
        lembretes dele | não conheço nenhum Luís, parem com as mensagens | não sou o paciente, não
        mandem mais
        : complaint
        cobraram duas vezes e ainda tanta mensagem. Não mandem mais | o conselheiro nunca apareceu,
        não quero mais mensagem de vocês | ninguém atende mas mandar mensagem sabem, chega | apita a
        noite toda, desliguem essas mensagens | acordam meu bebê, parem com as mensagens | todo dia
        às seis, não quero mais aviso | me cobram por mensagem, cancelem por favor
        : other reasons
        meu marido olha meu celular, não me escrevam | minha mulher lê minhas mensagens, não mandem
        mais | já vou em outra clínica, parem os lembretes | me mudei pra Flórida, me tirem da lista
        | dois anos limpo, não preciso mais dos avisos | já saí do programa, não me mandem mensagem
        | me cadastrei por engano, me tirem das mensagens | mudei de ideia, não quero os avisos | já
        consegui vaga, podem parar as mensagens
        : rude
        parem de encher o saco com mensagem | não encham mais o saco com isso | me deixem em paz |
        me deixa em paz com esses textos | tô de saco cheio dessas mensagens | enfiem essas
        mensagens | já falei pra não mandar mais | quantas vezes tenho que falar pra não me escrever
        : channel
        não me mandem mensagem, melhor ligar | mensagem não, só ligação | se precisarem liguem, mas
        mensagem não quero mais
    """,
    HT: """
        : plain, short
        ase | sa ase | sa sifi | rete la | kanpe sa | sispann avèti m | pa gen mesaj ankò | anile
        avi yo | fèmen sa | wete m ladan | dezaktive m | bare m | pa voye ankò | wete m nan mesaj yo
        | m pa vle mesaj nou yo | zewo mesaj | fini ak mesaj sa yo | pa avèti m ankò | fè mesaj yo
        sispann | anile mesaj mwen yo | pa teks mwen ankò | retire nimewo sa
        : misspelt
        sispan vwaye mesaj | sipann ekri m | sispann voy mesaj | pa voye mesaj anko | pa voye mesag
        ankò | mwen pavle mesaj | mpa vle mesaj ankò | retirem sou lis la | wetem sou lis la |
        efasem | estop | stòp | r e t e | s t o p | kampe mesaj yo | aretè voye | pa vwaye tex ban m
        | dezabonem | dezaboné m | pa ekrim anko | pa ekri'm ankò | sispnn ekri m | retire nimewo'm
        : polite, questions
        èske nou ka sispann voye mesaj ban mwen? | èske se posib pou m pa resevwa mesaj ankò? | èske
        nou ka wete m sou lis la souple? | èske gen yon fason pou m pa resevwa yo ankò? | èske nou
        ka retire nimewo sa a? | m ta renmen nou pa voye mesaj ankò | m mande nou souple pa voye
        mesaj ban mwen ankò | mwen ta renmen sispann resevwa tèks sa yo | m ta kontan si nou pa voye
        rapèl ankò | si nou ka retire m m ap apresye sa | mèsi anpil pou tout bagay men pa voye
        mesaj ankò | Bondye beni nou, m pa bezwen mesaj yo ankò | nou pa bezwen voye rapèl ankò,
        mèsi | eskize m, pa voye mesaj sou nimewo sa a ankò | nou janti anpil men m pa vle resevwa
        ankò
        : consent, law
        m retire konsantman mwen pou mesaj | m retire pèmisyon m te bay pou tèks yo | m pa otorize
        nou voye mesaj | m pa t janm bay pèmisyon pou mesaj, wete m | mwen mande pou yo anile mesaj
        yo | mwen mande pou nimewo m efase | nou pa gen dwa voye mesaj sou telefòn mwen | m pa dakò
        resevwa mesaj ankò
        : threats
        yon lòt mesaj epi m ap rapòte nou | si nou ekri m ankò m ap rele avoka m | si nou kontinye
        voye mesaj m ap pote plent | yon lòt tèks epi m ap bloke nimewo sa | m ap denonse nou si
        mesaj yo pa sispann
        : wrong number
        move nimewo, pa voye ankò | nou gen move moun, efase nimewo sa | mwen pa Marie, pa ekri m |
        telefòn sa pa pou Jil ankò, sispann voye rapèl | nimewo sa se pou mwen kounye a, wete l sou
        lis la | moun sa a pa rete isit, pa voye mesaj | se telefòn pitit fi m ki gen uit an, pa
        voye anyen | isit la se yon boulanje, retire nimewo sa | papa m mouri, tanpri pa voye rapèl
        li yo ankò | m pa konn okenn Lwi, sispann mesaj yo | mwen pa pasyan nou, pa voye mesaj ankò
        : complaint
        sis semèn m ap tann pèsonn pa rele. Dezabòne m | nou chaje m de fwa epi tout mesaj sa yo. Pa
        voye ankò | konseye a pa janm vini, m pa vle mesaj nou ankò | pèsonn pa reponn men nou konn
        voye mesaj, ase | yo reveye ti bebe m nan, sispann voye mesaj | chak maten a sizè, m pa vle
        avi ankò | yo fè m peye pou chak tèks, anile souple | mesaj yo pa ede m ditou, retire yo
        : other reasons
        mari m gade telefòn mwen, pa ekri m | madanm mwen li mesaj mwen yo, pa voye ankò | m al nan
        yon lòt klinik, sispann rapèl yo | m demenaje Florid, wete m sou lis la | dezan m pwòp, m pa
        bezwen avi yo ankò | m soti nan pwogram nan, pa voye mesaj ban mwen | m enskri pa erè, wete
        m nan mesaj yo | m chanje lide, m pa vle avi yo | m jwenn kabann deja, nou ka sispann mesaj
        yo
        : rude
        sispann anmède m ak mesaj | pa anmède m ankò | kite m trankil ak mesaj nou yo | kite m anpè
        | m bouke ak mesaj nou yo | m fatige ak mesaj sa yo | m di nou pa voye mesaj ankò | konbyen
        fwa pou m di pa ekri m | ban m lapè ak mesaj sa yo
        : channel
        pa voye tèks, rele m pito | rele m si nou bezwen m men pa voye mesaj ankò
    """,
}
NOT_SO = {
    EN: """
        : change of time or place
        stop texting me at work, call after 5 | dont text me before noon | not at 6 am please,
        afternoons are ok | no texts on sundays please | please text less, twice a week is plenty |
        text my new phone, not this one | send them to my new number instead | dont text tonight i'm
        at my sons game | stop texting so early | hold the texts til i am back from vacation
        : calls, voicemail, letters, others
        don't call, text me | dont call me, text is better | stop leaving voicemails just text |
        quit mailing letters to my house, text me | stop calling my mother | stop texting my sister
        she isnt the patient | tell my ex to stop texting me | my ex keeps blowing up my phone | he
        told me to lose his number | a guy from the program keeps texting me, make him stop | how do
        i get the creditors to stop texting me | can you make my dealer stop texting me | i blocked
        my dealer today
        : the programme, treatment, appointment
        cancel my appointment tomorrow | cancel the ride | i quit drinking | i want to quit | take
        me off methadone | take me off the wait list | remove my mom from my emergency contacts |
        sign me out of the program | opt out of group therapy | unenroll my daughter from the IOP |
        discontinue my vivitrol | revoke my release for my brother | i revoke consent to share my
        records with my probation officer | withdraw my application | end my treatment early | i
        never signed up for the wednesday group | remove me from the 9 am group | stop my
        prescription | i need to stop, help me | end of the month ok? | quit my job today | stop by
        the office at 3 | can i opt out of the roommate thing | unsubscribe me from the cafeteria
        emails | drop me from the class | turn off the porch light at the house
        : a question about it
        what does opt out mean | unsubscribe from what? | what happens if i text stop | does stop
        take me off the program too | if i ever want to stop the texts what do i do, not now | why
        did the texts stop | how do people unsubscribe, im writing a paper for school | did you guys
        stop sending them | will the texts end when i graduate | is stop the word i would use later
        : they want them
        please don't stop the texts | never stop sending these | i hit stop by accident | i didnt
        mean to unsubscribe | put me back on the texts | im not getting the texts anymore | keep the
        texts coming | unsubscribe? no way, i need these | i deleted your number by mistake, what is
        it | i lost my number list when my phone died | the texts help me, dont take me off
        : idioms, quotes
        i cant stop smiling | my heart wont stop racing | he said leave me alone and shut the door |
        she wont leave me alone about rehab | make it stop | i want it to end | im done | no more |
        stop sign on the corner | nonstop | the bus stop | enough is enough, i need detox | i said
        no more to my dealer | i'm out of minutes, call me | delete that last text | ignore my last
        message | sorry wrong number | wrong person sorry | no thanks | not right now | no
    """,
    ES: """
        : time and place
        no me escriban en la noche, mejor de día | no me manden mensajes al trabajo | los domingos
        no, por favor | manden menos, dos por semana está bien | no textees antes de las nueve |
        escriban a mi celular nuevo, no a este
        : calls, others
        no me llamen, mejor escriban | dejen de llamar a mi mamá | dejen de mandarle mensajes a mi
        hermano, él no es paciente | mi ex no deja de escribirme | él me dijo que no le escribiera
        más | quiero que mi dealer deje de escribirme | no dejen mensajes de voz, textos sí |
        bloqueé al que me vendía
        : programme, treatment
        quiero dejar la droga | cómo dejo de tomar | cancelen mi cita del martes | saquen a mi hijo
        del programa | quítenme de la lista de espera | quiero darme de baja del programa | dar de
        baja a mi mamá como contacto de emergencia | quiero salir de esto, ayúdenme | paren la
        metadona | no quiero más terapia de grupo | retiro mi solicitud para la casa | revoco el
        permiso para que hablen con mi hermana | a fin de mes entro | en qué parada me bajo | para
        cuándo es mi cita | para mi hijo | ya basta de droga, quiero ayuda
        : questions
        ¿qué significa stop? | ¿darme de baja de qué? | si escribo baja qué pasa | ¿por qué dejaron
        de mandarme mensajes? | ¿cómo se dan de baja las personas? es para una tarea | ¿se acaban
        los mensajes cuando termine?
        : they want them
        no dejen de escribirme | no paren los mensajes por favor | puse alto sin querer | ya no me
        llegan los mensajes | actívenme otra vez | me hacen bien sus mensajes, sigan | no me quiten
        de la lista | se me borró su número
        : idioms
        no para de llover | mi mamá no me deja en paz con lo de rehabilitación | dile que pare | ya
        no puedo más | ya no | no gracias | ahora no | no quiero | que se acabe todo | borren el
        mensaje anterior | número equivocado perdón | olvídenlo
    """,
    PT: """
        : time and place
        não me escrevam à noite, melhor de dia | não mandem mensagem no meu trabalho | domingo não,
        por favor | mandem menos, duas por semana tá bom | não mande antes das nove | escrevam no
        meu celular novo, não nesse
        : calls, others
        não me liguem, melhor escrever | parem de ligar pra minha mãe | parem de mandar mensagem pro
        meu irmão, ele não é paciente | meu ex não para de me escrever | ele falou pra eu não
        escrever mais | quero que meu traficante pare de me escrever | não deixem recado de voz,
        mensagem pode | bloqueei o cara que me vendia
        : programme, treatment
        quero parar com a droga | como eu paro de beber | cancelem minha consulta de terça | tirem
        meu filho do programa | me tira da lista de espera | quero sair do programa | tirem minha
        mãe do contato de emergência | quero sair dessa vida, me ajuda | parem a metadona | não
        quero mais terapia em grupo | retiro meu pedido da casa | revogo a autorização pra falarem
        com minha irmã | no fim do mês eu entro | em que parada eu desço | para quando é minha
        consulta | para meu filho | chega de droga, quero ajuda
        : questions
        o que significa stop? | descadastrar de quê? | se eu escrever sair o que acontece | por que
        pararam de me mandar mensagem? | como as pessoas se descadastram? é pra um trabalho da
        escola | as mensagens acabam quando eu terminar?
        : they want them
        não parem de me escrever | não parem as mensagens por favor | mandei sair sem querer | não
        chegam mais as mensagens | me ativem de novo | as mensagens me fazem bem, continuem | não me
        tirem da lista | apaguei o número de vocês
        : idioms
        não para de chover | minha mãe não me deixa em paz com essa história de clínica | fala pra
        ele parar | não aguento mais | não quero | não obrigado | agora não | que acabe tudo |
        apaguem a mensagem anterior | número errado desculpa | deixa pra lá | ele sai quando?
    """,
    HT: """
        : time and place
        pa ekri m leswa, lajounen pito | pa voye mesaj nan travay mwen | pa voye dimanch souple |
        voye mwens, de pa semèn bon | pa ekri anvan nevè | ekri m sou lòt telefòn mwen an, pa sou sa
        : calls, others
        pa rele m, ekri m pito | sispann rele manman m | sispann voye mesaj bay frè m, se pa pasyan
        li ye | ansyen mennaj mwen pa vle sispann ekri m | li di m pa ekri l ankò | m vle machann
        nan sispann ekri m | pa kite mesaj vwa, tèks bon | m bloke nèg ki t ap vann mwen
        : programme, treatment
        m vle sispann dwòg la | kijan pou m sispann bwè | anile randevou madi a | retire pitit mwen
        nan pwogram nan | wete m sou lis datant la | m vle soti nan pwogram nan | retire manman m
        kòm kontak ijans | m vle soti nan vi sa a, ede m | sispann metadòn nan | m pa vle terapi an
        gwoup ankò | m retire demann mwen pou kay la | m retire pèmisyon pou nou pale ak sè m | nan
        fen mwa a m ap antre | nan ki estasyon pou m desann | ase dwòg, m bezwen èd
        : questions
        kisa stop vle di? | dezabòne nan kisa? | si m ekri stop kisa k ap pase | poukisa nou sispann
        voye mesaj ban mwen? | kijan moun dezabòne? se pou yon devwa lekòl | èske mesaj yo ap fini
        lè m fini?
        : they want them
        pa sispann ekri m | pa kanpe mesaj yo souple | m te ekri stop san m pa fè espre | mesaj yo
        pa vini ankò | remete m sou lis la | mesaj yo fè m byen, kontinye | pa wete m sou lis la | m
        efase nimewo nou an pa erè
        : idioms
        lapli a pa vle sispann | manman m pa kite m an repo ak zafè tretman an | di l pou l sispann
        | m pa kapab ankò | m pa vle | non mèsi | pa kounye a | tout bagay fini | efase dènye mesaj
        la | padon move nimewo | kite sa
    """,
}


def rows(written: dict[Language, str]) -> list[tuple[Language, str]]:
    """One by one, with its language; a line that begins with a colon names the kind."""
    kept = {
        language: " ".join(
            "|" if line.lstrip().startswith(":") else line.strip() for line in some.splitlines()
        )
        for language, some in written.items()
    }
    return [
        (language, one.strip()) for language, some in kept.items() for one in some.split("|") if one.strip()
    ]


@pytest.mark.parametrize(("language", "text"), rows(ENDS))
def test_the_end_of_messages_is_honoured_in_whatever_words(language: Language, text: str) -> None:
    """As written, in capitals, and with thanks after it."""
    thanks = {EN: "thanks", ES: "gracias", PT: "obrigado", HT: "mèsi"}[language]
    for written in (text, text.upper(), f"{text} {thanks}"):
        assert classify(written, language).label is Label.OPT_OUT, written


@pytest.mark.parametrize(("language", "text"), rows(NOT_SO))
def test_what_only_sounds_like_it_unsubscribes_nobody(language: Language, text: str) -> None:
    """Another time, another thing, somebody else, a question, or the opposite."""
    for written in (text, text.upper(), f"{text}!!"):
        assert classify(written, language).label is not Label.OPT_OUT, written


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "take me off the list, by the time you read this nobody will need to text me"),
        (EN, "no more texts please. take care of my dog, tell my mom i loved her"),
        (ES, "no me escriban más, no es culpa de nadie"),
        (ES, "denme de baja, adiós a todos"),
        (PT, "não mandem mais nada, quando lerem isso já fui"),
        (HT, "pa ekri m ankò, lè nou li sa m ap lwen"),
    ],
)
def test_a_goodbye_in_it_is_read_by_a_person_at_once(language: Language, text: str) -> None:
    """Danger beats the wish for silence: it pages, or a person reads it."""
    assert classify(text, language).label in (Label.ASK, Label.SUICIDE, Label.EMERGENCY)
