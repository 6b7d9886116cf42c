/// The rules of a report's page; its drawings have their own.
enum PageStyle {
    static let rules = """
        :root { color-scheme: light dark }
        body { margin: 0; font: 16px/1.5 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif;
          background: #ffffff; color: #1a1a1a }
        main { max-width: 1160px; margin: 0 auto; padding: 16px }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0 1rem }
        h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem }
        p, ul, figcaption { max-width: 46rem }
        ul { padding-left: 1.2rem }
        li { margin: .3rem 0 }
        figure { margin: 0 }
        figcaption { margin-top: .75rem }
        figcaption, .files, .quiet { color: #555555; font-size: .875rem }
        .panels { display: grid; gap: 20px 28px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 343px), 1fr)) }
        .chart { display: block; width: 100%; max-width: 520px; height: auto }
        details { margin: .75rem 0 }
        summary { cursor: pointer }
        .scroll { overflow-x: auto; margin: .5rem 0 }
        table { border-collapse: collapse; font-size: .8125rem; font-variant-numeric: tabular-nums }
        th, td { text-align: left; padding: 3px 12px 3px 0; border-bottom: 1px solid #e4e4e4; vertical-align: top }
        th { font-weight: 600 }
        th, .n { white-space: nowrap }
        .n { text-align: right }
        a { color: #0a5d99 }
        @media (prefers-color-scheme: dark) {
        body { background: #16181c; color: #ececec }
        figcaption, .files, .quiet { color: #b0b0b0 }
        th, td { border-bottom-color: #33373d }
        a { color: #8fd0f5 }
        }
        @media print { details > * { display: block } main { max-width: none } }

        """
}
