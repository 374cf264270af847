using System.Text;

namespace Vsmtp.Vsl.Tests.Fuzzing;

/// <summary>
/// Writes random programs that follow the grammar. Variables have a type in their name (<c>n1</c> is a number, <c>l1</c> a list), and most
/// expressions keep to it, so that most programs run far; now and then one does not.
/// </summary>
internal sealed partial class ScriptGenerator(Random random)
{
    private const int MaxDepth = 5;
    private const string Kinds = "nsblm";

    private readonly StringBuilder _text = new();
    private readonly List<string> _variables = [];
    private int _depth;
    private int _names;
    private bool _isInLoop;
    private bool _isInFunction;

    public string Program()
    {
        Line($"const LIMIT = {random.Next(9)};");
        for (var i = 0; i < 3; i++) Function(i);
        foreach (var kind in Kinds) Line(Declaration(kind, Leaf(kind)));
        var count = 3 + random.Next(8);
        for (var i = 0; i < count; i++)
        {
            var visible = _variables.Count;
            var statement = Statement();
            var isCaught = !Chance(15);
            // What is declared inside of try ends there.
            if (isCaught) _variables.RemoveRange(visible, _variables.Count - visible);
            Line(isCaught ? $"try {{ {statement} }} catch (e) {{ log(\"caught\", type_of(e)) }}" : statement);
        }

        Line($"[{string.Join(", ", _variables)}]");
        return _text.ToString();
    }

    private void Function(int count)
    {
        for (var i = 0; i < count; i++) _variables.Add("np" + i);
        _isInFunction = true;
        Line($"{(Chance(5) ? "private " : "")}fn f{count}({string.Join(", ", _variables)}) {Block('n')}");
        _isInFunction = false;
        _variables.Clear();
    }

    private void Line(string text) => _text.Append(text).Append('\n');

    private string Statement()
    {
        if (_depth >= MaxDepth) return Change();
        return random.Next(16) switch
        {
            0 or 1 => Declaration(Kind()),
            2 or 3 => Assignment(),
            4 or 5 or 6 => Change(),
            7 => $"if {Bool()} {Block()} else if {Bool()} {Block()}{(Chance(2) ? $" else {Block()}" : "")}",
            8 => $"for nx in {Pick(List(), "0..3", "range(4, 0, -1)", Text())} {Loop("nx")}",
            9 => $"for (nx, ni) in {List()} {Loop("nx", "ni")}",
            10 => Chance(2) ? $"while {Bool()} {{ {Statement()} break; }}" : $"do {Loop()} {Pick("while", "until")} {Bool()};",
            11 => $"loop {{ {Statement()} break{(Chance(2) ? " " + Any() : "")}; }}",
            12 => Chance(2) ? $"try {Block()} catch (e) {Block()}" : $"try {{ {Statement()} throw {Any()}; }} catch {Block()}",
            13 when _isInLoop => Pick("continue;", "break;"),
            14 when _isInFunction => $"return {Number()};",
            15 => $"switch {Any()} {{ {Case()} {Case()} _ => {Block()} }}",
            _ => Any() + ";",
        };
    }

    private string Declaration(char kind) => Declaration(kind, Expression(kind));

    private string Declaration(char kind, string value)
    {
        var name = $"{kind}{_names++}";
        _variables.Add(name);
        return $"let {name} = {value};";
    }

    private string Assignment()
    {
        var kind = Kind();
        if (Variable(kind) is not { } name) return Declaration(kind);
        var sign = kind switch
        {
            'n' => Pick("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**="),
            's' => Pick("=", "+=", "-="),
            'l' or 'm' => Pick("=", "+="),
            _ => Pick("=", "&=", "|=", "^="),
        };
        return $"{name} {sign} {Expression(kind)};";
    }

    /// <summary>A change in place.</summary>
    private string Change()
    {
        var kind = Kind();
        var name = Variable(kind);
        return name is null ? Any() + ";" : kind switch
        {
            's' => $"{name}.{Pick("trim()", $"replace({Text()}, {Text()})", $"pad({Number()}, \"x\")", "make_upper()", $"append({Any()})", $"crop({Number()})", $"remove({Text()})", "pop()", "set(0, 'c')")};",
            'l' => Pick(
                $"{name}.{Pick($"push({Any()})", "sort()", "reverse()", "pop()", "shift()", $"insert({Number()}, {Any()})", $"append({List()})", $"pad({Number()}, 0)", $"truncate({Number()})")};",
                $"{name}.{Pick($"drain(|na| {Bool()})", $"retain(0..{Number()})", "dedup()", $"splice(0, 1, {List()})", "sort(|na, nb| na - nb)", $"split({Number()})", $"chop({Number()})")};",
                $"{name}[{Number()}] = {Any()};"),
            'm' => Pick($"{name}.k = {Any()};", $"{name}[{Text()}] = {Any()};", $"{name}.mixin({Map()});", $"{name}.remove(\"k\");", $"{name}.set(\"z\", {Any()});", $"{name}.fill_with({Map()});", $"{name}.k.push({Any()});"),
            'n' => Pick($"{name}.set_bit({Number()}, {Bool()});", $"{name}[{Number()}] = {Bool()};", $"{name}.set_tag({Number()});"),
            _ => $"{name} = !{name};",
        };
    }

    private string Block(char result = ' ')
    {
        _depth++;
        var visible = _variables.Count;
        var inner = string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => Statement() + " "));
        var last = result != ' ' ? Expression(result) : Chance(2) ? Any() : "";
        _variables.RemoveRange(visible, _variables.Count - visible);
        _depth--;
        return $"{{ {inner}{last} }}";
    }

    private string Loop(params string[] names)
    {
        var (was, visible) = (_isInLoop, _variables.Count);
        _variables.AddRange(names);
        _isInLoop = true;
        var block = Block();
        _isInLoop = was;
        _variables.RemoveRange(visible, _variables.Count - visible);
        return block;
    }

    private string Case() => $"{Label()}{(Chance(3) ? " | " + Label() : "")}{(Chance(3) ? " if " + Bool() : "")} => {(Chance(2) ? Block() : Any() + ",")}";

    private string Label() => Pick("\"a\"", "'x'", "true", "()", "\"b\"", "1.5", "[1]", "#{ k: 1 }", "-1.0", "\"1\"");

    private char Kind() => Kinds[random.Next(Kinds.Length)];

    private string? Variable(char kind)
    {
        var fitting = _variables.FindAll(v => v[0] == kind);
        return fitting.Count == 0 ? null : fitting[random.Next(fitting.Count)];
    }

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
