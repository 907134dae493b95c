# awk -f fill-in.awk README.md Program.cs: the program with each snippet of the README where a line "// readme: HEADING" asks for it, or
# "// readme: HEADING 2" for the second one below a heading. Fails unless every snippet has its place, and every place its snippet.
FNR == 1 { file++ }

file == 1 {
    if (/^```/) {
        if (!fenced && /^```csharp/) {
            name = heading (count[heading]++ ? " " count[heading] : "")
            names[++snippets] = name
        } else {
            name = ""
        }
        fenced = !fenced
    } else if (fenced && name != "") {
        text[name] = text[name] $0 "\n"
    } else if (!fenced && /^#+ /) {
        heading = substr($0, index($0, " ") + 1)
    }
    next
}

/^ *\/\/ readme: / {
    wanted = substr($0, index($0, ": ") + 2)
    if (wanted in text) {
        printf "%s", text[wanted]
    } else {
        print "no snippet is called: " wanted >"/dev/stderr"
        failed = 1
    }
    used[wanted] = 1
    next
}

{ print }

END {
    if (!snippets) {
        print "there are no snippets" >"/dev/stderr"
        failed = 1
    }
    for (i = 1; i <= snippets; i++) {
        if (!(names[i] in used)) {
            print "nobody runs the snippet: " names[i] >"/dev/stderr"
            failed = 1
        }
    }
    exit failed
}
