namespace Vsmtp.Vsl.Tests.Fuzzing;

/// <summary>Expressions of a kind.</summary>
internal sealed partial class ScriptGenerator
{
    private string Number() => Expression('n');

    private string Text() => Expression('s');

    private string Bool() => Expression('b');

    private string List() => Expression('l');

    private string Map() => Expression('m');

    private string Any() => Chance(12) ? Other() : Expression(Kind());

    private string Expression(char kind)
    {
        if (Chance(40)) kind = Kind();
        if (++_depth > MaxDepth || Chance(3))
        {
            _depth--;
            return Leaf(kind);
        }

        var text = kind switch
        {
            'n' => MakeNumber(),
            's' => MakeText(),
            'b' => MakeBool(),
            'l' => MakeList(),
            _ => MakeMap(),
        };
        _depth--;
        return text;
    }

    private string Leaf(char kind) => (Chance(3) ? null : Variable(kind)) ?? kind switch
    {
        'n' => Pick("0", "1", "2", "-1", "7", "63", "9223372036854775807", "0x1f", "1.5", "-0.5", "1e3", "answer", "global::LIMIT"),
        's' => Pick("\"\"", "\"a\"", "\"héllo\"", "\"a,b c\"", "'x'", "`t${1}`", "\"12\"", "`a``b`"),
        'b' => Pick("true", "false"),
        'l' => Pick("[]", "[1, 2, 3]", "[\"b\", \"a\"]", "[[1], ()]", "[2, 2, 1]"),
        _ => Pick("#{}", "#{ k: 1, a: [2] }", "#{ \"b c\": \"x\" }"),
    };

    private string MakeNumber() => random.Next(14) switch
    {
        0 or 1 or 2 => $"{Number()} {Pick("+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>")} {Number()}",
        3 => $"({Text()}).{Pick("len", "len()", "bytes", $"index_of({Text()})")}",
        4 => $"({List()}).{Pick("len", $"index_of({Any()})", "reduce(|na, nb| na + nb, 0)", $"get({Number()}) ?? 1", $"find(|na| {Pick("na == 1", "true")})")}",
        5 => $"({Number()}).{Pick("abs()", "sign()", "floor()", "to_int()", "round", "to_float()", "get_bits(1, 3)", "tag", "fraction", "sqrt()")}",
        6 => $"({Map()}).k ?? {Number()}",
        7 => $"(if {Bool()} {Block('n')} else {Block('n')})",
        8 => Pick("f0()", $"f1({Number()})", $"f2({Number()}, {Number()})", $"{Number()}.f1()", $"sys::twice({Leaf('n')})"),
        9 => $"{Pick("max", "min")}({Number()}, {Number()})",
        10 => $"later({Number()})",
        11 => $"{Pick("-", "+", "- ")}({Number()})",
        12 => $"({List()})[{Number()}]",
        _ => $"({Closure("na", 'n')}).call({Number()})",
    };

    private string MakeText() => random.Next(11) switch
    {
        0 or 1 => $"({Text()}) + {Any()}",
        2 => $"`{Pick("", "a", "``", "\\n$")}${{{Any()}}}{Pick("", " b")}`",
        3 => $"({Text()}).{Pick("to_upper()", "to_lower()", $"sub_string({Number()})", $"sub_string({Number()}, {Number()})", "to_debug()")}",
        4 => $"({Any()}).{Pick("to_string()", "to_debug()")}",
        5 => $"type_of({Any()})",
        6 => $"({Map()}).to_json()",
        7 => $"later({Text()})",
        8 => $"({Text()}) - {Text()}",
        9 => $"({List()}).reduce(|na, nb| na + nb, \"\")",
        _ => $"({Number()}).to_string()",
    };

    private string MakeBool() => random.Next(12) switch
    {
        0 or 1 => $"{Number()} {Pick("<", "<=", ">", ">=", "==", "!=")} {Number()}",
        2 => $"({Text()}) {Pick("==", "is", "not", "<")} ({Text()})",
        3 => $"({Any()}) {Pick("==", "!=", "is", "not")} ({Any()})",
        4 => $"({Any()}) {Pick("in", "!in")} ({List()})",
        5 => $"({Bool()}) {Pick("&&", "||", "&", "|", "^")} ({Bool()})",
        6 => $"!({Bool()})",
        7 => $"({List()}).{Pick("some", "all")}({Closure("na", 'b')})",
        8 => $"({Text()}).{Pick("contains", "starts_with", "ends_with")}({Text()})",
        9 => $"({Text()}) in ({Pick(Text(), Map())})",
        10 => $"({Number()})[{Number()}]",
        _ => $"({Any()}).is_empty",
    };

    private string MakeList() => random.Next(11) switch
    {
        0 or 1 => $"[{Any()}, {Any()}]",
        2 => $"({List()}) + ({List()})",
        3 => $"({List()}).map({Closure("na", Kind())})",
        4 => $"({List()}).filter({Closure("na", 'b')})",
        5 => $"({Text()}).{Pick("split()", "split(\",\")", "to_chars()", $"split({Number()})", "split_rev(\"a\", 2)")}",
        6 => $"({Map()}).{Pick("keys()", "values()")}",
        7 => $"({List()}).extract({Number()})",
        8 => $"({List()}).map(|na, ni| [ni, na])",
        9 => $"later({List()})",
        _ => $"({Number()}).bits().extract(0, 3)",
    };

    private string MakeMap() => Pick($"#{{ k: {Any()}, a: {Any()} }}", $"({Map()}) + ({Map()})", $"#{{ k: {List()} }}", $"later({Map()})", $"#{{ f: {Closure("na", 'n')}, k: {Number()} }}");

    /// <summary>What is seldom right.</summary>
    private string Other() => random.Next(8) switch
    {
        0 => $"({Any()}){Pick("?.k", "?[0]", "?.k.a", "?.len()", ".nothing", ".k()")}",
        1 => $"range({Number()}, {Number()}, {Pick("1", "-2", "0")})",
        2 => $"parse_int({Text()})",
        3 => Pick("next()", "Fn(\"f1\")", "()", "f1", "blob(2)", "nothing", "fail(\"x\")"),
        4 => $"({Number()})..{Number()}",
        5 => $"({Map()}).f({Number()})",
        6 => $"({Any()}) {Pick("+", "-", "*", "??", "in")} ({Any()})",
        _ => $"({List()}).sort({Closure("na", 'n')})",
    };

    private string Closure(string parameter, char result)
    {
        var outer = _variables.ToArray();
        var (wasInFunction, wasInLoop) = (_isInFunction, _isInLoop);
        _variables.Clear();
        _variables.Add(parameter);
        (_isInFunction, _isInLoop) = (true, false);
        var text = $"|{parameter}| {(Chance(3) ? Block(result) : Expression(result))}";
        (_isInFunction, _isInLoop) = (wasInFunction, wasInLoop);
        _variables.Clear();
        _variables.AddRange(outer);
        return text;
    }
}
