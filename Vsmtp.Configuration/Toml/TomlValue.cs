namespace Vsmtp.Configuration.Toml;

/// <summary>A value of a TOML document, and where it begins.</summary>
internal abstract class TomlValue
{
    private protected TomlValue(TomlMark mark) => Mark = mark;

    public TomlMark Mark { get; }

    /// <summary>The name of the type, with its article, as messages say it.</summary>
    public abstract string TypeName { get; }
}

internal sealed class TomlString(TomlMark mark, string value) : TomlValue(mark)
{
    public string Value => value;

    public override string TypeName => "a string";
}

internal sealed class TomlInteger(TomlMark mark, long value) : TomlValue(mark)
{
    public long Value => value;

    public override string TypeName => "an integer";
}

internal sealed class TomlFloat(TomlMark mark, double value) : TomlValue(mark)
{
    public double Value => value;

    public override string TypeName => "a float";
}

internal sealed class TomlBoolean(TomlMark mark, bool value) : TomlValue(mark)
{
    public bool Value => value;

    public override string TypeName => "a boolean";
}

/// <summary>Kept as text, being checked: no key of ours is a date.</summary>
internal sealed class TomlDateTime(TomlMark mark, TomlDateTimeKind kind, string text) : TomlValue(mark)
{
    public TomlDateTimeKind Kind => kind;

    /// <summary>As in RFC 3339 §5.6, with upper-case T and Z.</summary>
    public string Text => text;

    public override string TypeName => "a date or time";
}

internal sealed class TomlArray(TomlMark mark, bool isOfTables) : TomlValue(mark)
{
    public List<TomlValue> Items { get; } = [];

    /// <summary>Made by <c>[[…]]</c>, and open to more of them.</summary>
    public bool IsOfTables => isOfTables;

    public override string TypeName => "an array";
}
