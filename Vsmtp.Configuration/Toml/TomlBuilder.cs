using Antlr4.Runtime;
using Vsmtp.Configuration.Generated;

namespace Vsmtp.Configuration.Toml;

/// <summary>Makes values and tables of the lines that the parser has understood, and checks what no grammar can.</summary>
internal sealed class TomlBuilder
{
    private const int MaxKeyParts = 64;

    private readonly TomlSource _source;
    private readonly TomlFaultList _faults;
    private TomlTable _current;

    public TomlBuilder(TomlSource source, TomlFaultList faults)
    {
        _source = source;
        _faults = faults;
        Root = _current = new(new(source, 0), TomlTableOrigin.Header);
    }

    public TomlTable Root { get; }

    /// <summary>Takes one line: <c>line : WS? statement? WS? COMMENT? ( NEWLINE | EOF )</c>.</summary>
    public void Add(TomlParser.LineContext line)
    {
        switch (line.statement()?.GetChild(0))
        {
            case TomlParser.KeyValueContext keyValue:
                AddKeyValue(_current, keyValue);
                break;
            case TomlParser.TableHeaderContext header:
                _current = OpenTable(header.key());
                break;
            case TomlParser.ArrayHeaderContext header:
                _current = OpenElement(header.key());
                break;
        }
    }

    /// <summary>After a header that is wrong: the keys under it are read and belong nowhere.</summary>
    public void EnterUnknownTable(TomlMark mark) => _current = new(mark, TomlTableOrigin.Header);

    private readonly record struct KeyPart(string Name, TomlMark Mark);

    // tableHeader : '[' WS? key WS? ']'
    private TomlTable OpenTable(TomlParser.KeyContext key)
    {
        var detached = new TomlTable(MarkOf(key), TomlTableOrigin.Header);
        if (ReadKey(key) is not { } parts || FollowHeader(parts) is not { } parent)
        {
            return detached;
        }

        var last = parts[^1];
        switch (parent.Find(last.Name))
        {
            case null:
                parent.Set(last.Name, last.Mark, detached);
                return detached;
            case { Value: TomlTable { Origin: TomlTableOrigin.Implied } table }:
                table.Origin = TomlTableOrigin.Header;
                return table;
            case { } taken:
                _faults.Add(last.Mark, $"the table '{Join(parts)}' is already defined {At(taken)}");
                return detached;
        }
    }

    // arrayHeader : '[' '[' WS? key WS? ']' ']'
    private TomlTable OpenElement(TomlParser.KeyContext key)
    {
        var element = new TomlTable(MarkOf(key), TomlTableOrigin.Header);
        if (ReadKey(key) is not { } parts || FollowHeader(parts) is not { } parent)
        {
            return element;
        }

        var last = parts[^1];
        switch (parent.Find(last.Name))
        {
            case null:
                var array = new TomlArray(MarkOf(key), isOfTables: true);
                array.Items.Add(element);
                parent.Set(last.Name, last.Mark, array);
                break;
            case { Value: TomlArray { IsOfTables: true } tables }:
                tables.Items.Add(element);
                break;
            case { } taken:
                _faults.Add(last.Mark, $"'{Join(parts)}' is already defined {At(taken)}, and not as an array of tables");
                break;
        }

        return element;
    }

    private TomlTable? FollowHeader(List<KeyPart> parts)
    {
        var table = Root;
        foreach (var part in parts[..^1])
        {
            switch (table.Find(part.Name))
            {
                case null:
                    var made = new TomlTable(part.Mark, TomlTableOrigin.Implied);
                    table.Set(part.Name, part.Mark, made);
                    table = made;
                    break;
                case { Value: TomlTable { Origin: not TomlTableOrigin.Inline } found }:
                    table = found;
                    break;
                case { Value: TomlArray { IsOfTables: true, Items: [.., TomlTable last] } }:
                    table = last;
                    break;
                case { } taken:
                    _faults.Add(part.Mark, Closed(part.Name, taken));
                    return null;
            }
        }

        return table;
    }

    // keyValue : key WS? '=' WS? value
    private void AddKeyValue(TomlTable table, TomlParser.KeyValueContext keyValue)
    {
        // The value first: its faults are told even when the key has one.
        var value = ReadValue(keyValue.value());
        if (ReadKey(keyValue.key()) is not { } parts || FollowDotted(table, parts) is not { } parent || value is null)
        {
            return;
        }

        var last = parts[^1];
        if (parent.Find(last.Name) is { } taken)
        {
            _faults.Add(last.Mark, $"the key '{Join(parts)}' is already defined {At(taken)}");
            return;
        }

        parent.Set(last.Name, last.Mark, value);
    }

    private TomlTable? FollowDotted(TomlTable table, List<KeyPart> parts)
    {
        foreach (var part in parts[..^1])
        {
            switch (table.Find(part.Name))
            {
                case null:
                    var made = new TomlTable(part.Mark, TomlTableOrigin.Dotted);
                    table.Set(part.Name, part.Mark, made);
                    table = made;
                    break;
                case { Value: TomlTable { Origin: TomlTableOrigin.Dotted } found }:
                    table = found;
                    break;
                case { } taken:
                    _faults.Add(part.Mark, Closed(part.Name, taken));
                    return null;
            }
        }

        return table;
    }

    // key : simpleKey ( WS? '.' WS? simpleKey )*
    private List<KeyPart>? ReadKey(TomlParser.KeyContext key)
    {
        var parts = new List<KeyPart>();
        foreach (var simple in key.simpleKey())
        {
            var token = simple.Start;
            var mark = MarkOf(token);
            // simpleKey : BARE | BASIC_STRING | LITERAL_STRING
            var name = token.Type == TomlLexer.BARE ? token.Text : TomlText.Read(token, mark, _faults);
            if (name is null)
            {
                return null;
            }

            parts.Add(new(name, mark));
        }

        if (parts.Count > MaxKeyParts)
        {
            _faults.Add(parts[MaxKeyParts].Mark, $"a key has at most {MaxKeyParts} parts");
            return null;
        }

        return parts;
    }

    // value : quoted | scalar | array | inlineTable
    private TomlValue? ReadValue(TomlParser.ValueContext value) => value.GetChild(0) switch
    {
        TomlParser.QuotedContext text => ReadString(text),
        TomlParser.ScalarContext scalar => TomlScalar.Read(scalar.GetText(), MarkOf(scalar), _faults),
        TomlParser.ArrayContext array => ReadArray(array),
        TomlParser.InlineTableContext table => ReadInlineTable(table),
        _ => null,
    };

    // quoted : BASIC_STRING | ML_BASIC_STRING | LITERAL_STRING | ML_LITERAL_STRING
    private TomlString? ReadString(TomlParser.QuotedContext text)
    {
        var mark = MarkOf(text);
        return TomlText.Read(text.Start, mark, _faults) is { } value ? new(mark, value) : null;
    }

    // array : '[' blank* ( value blank* ( ',' blank* value blank* )* ( ',' blank* )? )? ']'
    private TomlArray ReadArray(TomlParser.ArrayContext context)
    {
        var array = new TomlArray(MarkOf(context), isOfTables: false);
        foreach (var item in context.value())
        {
            if (ReadValue(item) is { } value)
            {
                array.Items.Add(value);
            }
        }

        return array;
    }

    // inlineTable : '{' WS? ( keyValue WS? ( ',' WS? keyValue WS? )* )? '}'
    private TomlTable ReadInlineTable(TomlParser.InlineTableContext context)
    {
        var table = new TomlTable(MarkOf(context), TomlTableOrigin.Dotted);
        foreach (var keyValue in context.keyValue())
        {
            AddKeyValue(table, keyValue);
        }

        table.Origin = TomlTableOrigin.Inline;
        return table;
    }

    private static string Closed(string name, TomlEntry taken) => taken.Value is TomlTable
        ? $"the table '{name}' is complete where it is defined {At(taken)}; nothing can be added to it here"
        : $"'{name}' is {taken.Value.TypeName} {At(taken)}, not a table";

    private static string At(TomlEntry taken) => $"(line {taken.KeyMark.Source.LineOf(taken.KeyMark.Index) + 1})";

    private static string Join(List<KeyPart> parts) => string.Join('.', parts.Select(p => p.Name));

    private TomlMark MarkOf(ParserRuleContext context) => MarkOf(context.Start);

    private TomlMark MarkOf(IToken token) => new(_source, token.StartIndex);
}
