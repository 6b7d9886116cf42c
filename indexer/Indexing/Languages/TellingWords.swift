import Ranking

/// A dozen words of each language that stand in almost every text of it, to tell languages by.
///
/// Those of languages without a stemmer are there so that such a text is not taken for its neighbour's.
enum TellingWords {
    struct List: Sendable {
        let language: TermLanguage
        let words: [Substring]
    }

    static let lists: [List] = [
        list(.english, "the of and to is that for with was are from this"),
        list(.arabic, "في من على أن إلى هذا التي الذي عن مع كان هو"),
        list(.armenian, "և եւ է որ են այս մի համար նրա հետ էր բայց"),
        list(.basque, "eta da du bat dira zen ez ere izan dute baina zuen"),
        list(.catalan, "el els les i amb una que per és dels al com"),
        list(.danish, "og det at er af til på ikke der som den har"),
        list(.dutch, "de het een van en niet dat met zijn op voor ook"),
        list(.finnish, "ja on ei että oli se mutta myös ovat hän kun joka"),
        list(.french, "le la les des et est une dans que pour du qui"),
        list(.german, "der die und das ist nicht ein eine den mit von auf"),
        list(.greek, "και το η να του της είναι με για που στο από"),
        list(.hindi, "के है में की से को का और पर हैं यह एक"),
        list(.hungarian, "a az és hogy nem egy is meg volt van ez csak"),
        list(.indonesian, "yang dan di dari untuk dengan ini itu tidak pada dalam adalah"),
        list(.irish, "agus an na ar is sé bhí tá le ag seo leis"),
        list(.italian, "il gli che di della una per non con sono è del"),
        list(.lithuanian, "ir yra kad iš tai buvo kaip su bet jo per nuo"),
        list(.nepali, "र छ को मा हो पनि यो भने गर्न थियो छन् लागि"),
        list(.norwegian, "og det er på ikke som til av å jeg har for"),
        list(.portuguese, "o os as não uma do da em que para com são"),
        list(.romanian, "și în nu este care pe din cu sunt mai fi că"),
        list(.russian, "и в не на что с как это по но из был"),
        list(.serbian, "и у је да се на су за од као који није"),
        list(.serbian, "i u je da se na su za od kao koji nije"),
        list(.spanish, "el los las y que del una por con para es como"),
        list(.swedish, "och det att är som på av för inte en den till"),
        list(.tamil, "மற்றும் இந்த ஒரு என்று அவர் இது என்ற ஆகும் உள்ள அந்த அல்லது பின்னர்"),
        list(.turkish, "ve bir bu için ile da de olan olarak daha çok en"),
        list(.yiddish, "און איז די אין דער פון צו מיט ער האָט דאָס ניט"),
        // Bulgarian, Czech, Hebrew, Marathi, Persian, Polish, Ukrainian, Urdu, Vietnamese.
        list(.plain, "и на в се е да от за с не ще като"),
        list(.plain, "a se v na je že s z do o jako byl"),
        list(.plain, "של את על לא הוא זה עם כי היא גם או אל"),
        list(.plain, "आहे आणि या च्या मध्ये ते होते व हे की तो एक"),
        list(.plain, "و در به از که این را با است برای آن یک"),
        list(.plain, "i w na się z nie do to jest że o jak"),
        list(.plain, "і в не на що з та до як це є від"),
        list(.plain, "کے میں ہے کی اور سے کا کو پر نے یہ کہ"),
        list(.plain, "và của là có trong được cho không một những với các"),
    ]

    private static func list(_ language: TermLanguage, _ words: String) -> List {
        List(language: language, words: words.split(separator: " "))
    }
}
