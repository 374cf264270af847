using System.Text;

namespace Vsmtp.Vsl.Tests.Fuzzing;

/// <summary>Writes random programs that follow the grammar: most compile, many run to a value, some to an error.</summary>
internal sealed class ScriptGenerator(Random random)
{
    private const int MaxDepth = 4;

    private static readonly string[] Properties = ["len", "bytes", "is_empty", "abs", "sign", "is_odd", "floor", "start", "end", "name", "code", "k", "tag", "nothing"];
    private static readonly string[] Pure0 = ["len", "to_string", "to_debug", "type_of", "abs", "to_upper", "to_chars", "keys", "values", "split", "to_int", "to_json", "bits", "is_nan", "nothing"];
    private static readonly string[] Pure1 = ["contains", "get", "split", "index_of", "sub_string", "extract", "chars", "starts_with", "get_bit", "min", "max"];
    private static readonly string[] Change0 = ["trim", "reverse", "clear", "sort", "pop", "shift", "dedup", "make_upper"];
    private static readonly string[] Change1 = ["push", "append", "remove", "truncate", "chop", "mixin", "pop", "crop", "drain", "retain", "set_tag", "fill_with"];
    private static readonly string[] Change2 = ["pad", "set", "insert", "replace", "splice", "set_bit"];
    private static readonly string[] WithClosure = ["map", "filter", "some", "all", "find", "find_map", "reduce", "for_each", "sort", "drain", "retain", "dedup", "index_of"];
    private static readonly string[] Operators =
        ["+", "-", "*", "/", "%", "**", "==", "!=", "<", "<=", ">", ">=", "is", "not", "in", "!in", "&&", "||", "??", "..", "..=", "&", "|", "^", "<<", ">>"];
    private static readonly string[] Assignments = ["=", "=", "=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^="];
    private static readonly string[] Literals =
    [
        "0", "1", "2", "-1", "7", "63", "64", "9223372036854775807", "-9223372036854775808", "0xff", "1.5", "-0.5", "1e300", "\"\"", "\"a\"", "\"héllo\"",
        "\"a,b;c\"", "'x'", "'é'", "true", "false", "()", "[]", "[1, 2, 3]", "[\"b\", \"a\"]", "#{}", "#{ k: 1, a: [2] }", "1..4", "0..=2", "`t${1}`", "blob(2)",
    ];

    private readonly StringBuilder _text = new();
    private readonly List<string> _variables = [];
    private int _depth;
    private int _names;
    private bool _isInLoop;
    private bool _isInFunction;

    public string Program()
    {
        var functions = random.Next(3);
        for (var i = 0; i < functions; i++) Function(i);
        if (Chance(4)) Line("const LIMIT = " + Expression() + ";");
        var count = 2 + random.Next(6);
        for (var i = 0; i < count; i++) Line(Statement());
        Line(Expression());
        return _text.ToString();
    }

    private void Function(int count)
    {
        var outer = _variables.ToArray();
        _variables.Clear();
        for (var i = 0; i < count; i++) _variables.Add("p" + i);
        _isInFunction = true;
        Line($"{(Chance(5) ? "private " : "")}fn f{count}({string.Join(", ", _variables)}) {Block()}");
        _isInFunction = false;
        _variables.Clear();
        _variables.AddRange(outer);
    }

    private void Line(string text) => _text.Append(text).Append('\n');

    private string Statement()
    {
        if (_depth >= MaxDepth) return Expression() + ";";
        return random.Next(16) switch
        {
            0 or 1 or 2 => Declaration(),
            3 or 4 => $"{Place()} {Pick(Assignments)} {Expression()};",
            5 => Chance(2) ? $"if {Condition()} {Block()}" : $"if {Condition()} {Block()} else if {Condition()} {Block()} else {Block()}",
            6 => $"while {Condition()} {Loop()}",
            7 => Chance(2) ? $"for x in {Expression()} {Loop("x")}" : $"for (x, i) in {Expression()} {Loop("x", "i")}",
            8 => $"do {Loop()} {(Chance(2) ? "while" : "until")} {Condition()};",
            9 => $"loop {{ {Statement()} break{(Chance(2) ? " " + Expression() : "")}; }}",
            10 => Chance(2) ? $"try {Block()} catch (e) {Block("e")}" : $"try {{ {Statement()} throw {Expression()}; }} catch {Block()}",
            11 when _isInLoop => Chance(2) ? "continue;" : "break;",
            12 when _isInFunction => $"return {Expression()};",
            13 => $"{Variable()}.{Pick(Change1)}({Expression()});",
            14 => $"switch {Expression()} {{ {Case()} {Case()} _ => {Block()} }}",
            _ => Expression() + ";",
        };
    }

    private string Declaration()
    {
        var value = Expression();
        var name = "v" + _names++;
        _variables.Add(name);
        return Chance(8) ? $"let {name};" : $"let {name} = {value};";
    }

    private string Block(params string[] names)
    {
        _depth++;
        var visible = _variables.Count;
        _variables.AddRange(names);
        var inner = string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => Statement() + " "));
        var last = Chance(2) ? Expression() : "";
        _variables.RemoveRange(visible, _variables.Count - visible);
        _depth--;
        return $"{{ {inner}{last} }}";
    }

    private string Loop(params string[] names)
    {
        var was = _isInLoop;
        _isInLoop = true;
        var block = Block(names);
        _isInLoop = was;
        return block;
    }

    private string Case() =>
        $"{(Chance(3) ? $"{Pick(Simple)} | {Pick(Simple)}" : Pick(Simple))}{(Chance(3) ? " if " + Condition() : "")} => {(Chance(2) ? Block() : Expression() + ",")}";

    private static string[] Simple => ["\"a\"", "'x'", "true", "()", "\"b\"", "1.5", "[1]", "#{ k: 1 }"];

    private string Condition() => Chance(3) ? Pick("true", "false") : $"({Expression()} {Pick("==", "<", ">=", "not", "is")} {Expression()})";

    private string Expression()
    {
        if (++_depth > MaxDepth)
        {
            _depth--;
            return Chance(2) ? Variable() : Pick(Literals);
        }

        var text = random.Next(20) switch
        {
            0 or 1 or 2 => Pick(Literals),
            3 or 4 => Variable(),
            5 or 6 or 7 => $"{Expression()} {Pick(Operators)} {Expression()}",
            8 => $"{Pick("!", "-", "+", "- ")}({Expression()})",
            9 => $"({Expression()}).{Pick(Properties)}",
            10 => $"({Expression()}).{Pick(Pure0)}()",
            11 => $"({Expression()}).{Pick(Pure1)}({Expression()})",
            12 => $"({Expression()})[{Expression()}]",
            13 => $"[{Expression()}, {Expression()}]",
            14 => $"#{{ k: {Expression()}, {Pick("a", "\"b c\"", "rule")}: {Expression()} }}",
            15 => $"({Expression()}).{Pick(WithClosure)}({Closure()}{(Chance(4) ? ", " + Expression() : "")})",
            16 => $"({Expression()}){Pick("?.k", "?[0]", "?.k.a", "?.len()")}",
            17 => Call(),
            18 => $"`{Pick("", "a", "``", "\\n$")}${{{Expression()}}}{Pick("", " b")}`",
            _ => Chance(2) ? $"(if {Condition()} {Block()} else {Block()})" : $"{Variable()}.{Changing()}",
        };
        _depth--;
        return text;
    }

    private string Changing() => random.Next(3) switch
    {
        0 => $"{Pick(Change0)}()",
        1 => $"{Pick(Change1)}({Expression()})",
        _ => $"{Pick(Change2)}({Expression()}, {Expression()})",
    };

    private string Closure()
    {
        var visible = _variables.ToArray();
        var (wasInFunction, wasInLoop) = (_isInFunction, _isInLoop);
        _variables.Clear();
        _variables.AddRange(Chance(2) ? ["a"] : ["a", "b"]);
        (_isInFunction, _isInLoop) = (true, false);
        var text = $"|{string.Join(", ", _variables)}| {(Chance(2) ? Block() : Expression())}";
        (_isInFunction, _isInLoop) = (wasInFunction, wasInLoop);
        _variables.Clear();
        _variables.AddRange(visible);
        return text;
    }

    private string Call() => random.Next(9) switch
    {
        0 => "f0()",
        1 => $"f1({Expression()})",
        2 => $"f2({Expression()}, {Expression()})",
        3 => $"later({Expression()})",
        4 => $"parse_int({Expression()})",
        5 => "global::LIMIT",
        6 => $"range({Expression()}, {Expression()}, {Pick("1", "-2", "0")})",
        7 => $"({Closure()}).{Pick("call", "curry")}({Expression()})",
        _ => Pick("next()", "accept()", "Fn(\"f1\")", "sys::twice(2)", "answer", "PI()"),
    };

    private string Place() => Variable() + Pick("", "", "", ".k", "[0]", "[-1]", ".k.a", "[\"k\"]", ".a[1]");

    private string Variable() => _variables.Count == 0 ? "v0" : _variables[random.Next(_variables.Count)];

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
