using Vsmtp.Mail.Headers;

namespace Vsmtp.Contracts.Mail;

/// <summary>What a <see cref="HeaderChange"/> does.</summary>
[GenerateSerializer, Alias("vsmtp.header-change-kind")]
public enum HeaderChangeKind
{
    Prepend,
    Append,
    Set,
    Remove,
    RemoveAll,
    Rename,

    /// <summary>A field as it stood in another message: the value is the field whole, a character for each octet.</summary>
    AppendField,

    /// <summary>The first field of that name as it is after a change within it: the value is the field whole, as of an appended one.</summary>
    ReplaceField,
}

/// <summary>One change that a rule made to the header section; the content stays as it came and changes are made as it leaves.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Name">The field's name.</param>
/// <param name="Value">The value, or the new name of a rename, the whole field of one that is appended or replaced; empty for removals.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.header-change")]
public sealed record HeaderChange(
    [property: Id(0)] HeaderChangeKind Kind, [property: Id(1)] string Name, [property: Id(2)] string Value)
{
    /// <summary>What a block recorded, to be stored.</summary>
    public static HeaderChange Of(HeaderEdit edit) => edit switch
    {
        HeaderEdit.Prepend e => new HeaderChange(HeaderChangeKind.Prepend, e.Name, e.Value),
        HeaderEdit.Append e => new HeaderChange(HeaderChangeKind.Append, e.Name, e.Value),
        HeaderEdit.Set e => new HeaderChange(HeaderChangeKind.Set, e.Name, e.Value),
        HeaderEdit.Remove e => new HeaderChange(HeaderChangeKind.Remove, e.Name, ""),
        HeaderEdit.RemoveAll e => new HeaderChange(HeaderChangeKind.RemoveAll, e.Name, ""),
        HeaderEdit.AppendField e => new HeaderChange(HeaderChangeKind.AppendField, e.Name, e.Field),
        HeaderEdit.ReplaceField e => new HeaderChange(HeaderChangeKind.ReplaceField, e.Name, e.Field),
        HeaderEdit.Rename e => new HeaderChange(HeaderChangeKind.Rename, e.Name, e.NewName),
        _ => throw new InvalidOperationException($"Unknown edit {edit.GetType()}."),
    };

    /// <summary>What to make again on the same bytes.</summary>
    public HeaderEdit ToEdit() => Kind switch
    {
        HeaderChangeKind.Prepend => new HeaderEdit.Prepend(Name, Value),
        HeaderChangeKind.Append => new HeaderEdit.Append(Name, Value),
        HeaderChangeKind.Set => new HeaderEdit.Set(Name, Value),
        HeaderChangeKind.Remove => new HeaderEdit.Remove(Name),
        HeaderChangeKind.RemoveAll => new HeaderEdit.RemoveAll(Name),
        HeaderChangeKind.AppendField => new HeaderEdit.AppendField(Name, Value),
        HeaderChangeKind.ReplaceField => new HeaderEdit.ReplaceField(Name, Value),
        HeaderChangeKind.Rename => new HeaderEdit.Rename(Name, Value),
        _ => throw new InvalidOperationException($"Unknown change {Kind}."),
    };
}
