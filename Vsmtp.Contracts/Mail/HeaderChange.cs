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
}

/// <summary>One change that a rule made to the header section; the content stays as it came and changes are made as it leaves.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Name">The field's name.</param>
/// <param name="Value">The value, or the new name of a rename; empty for removals.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.header-change")]
public sealed record HeaderChange(
    [property: Id(0)] HeaderChangeKind Kind, [property: Id(1)] string Name, [property: Id(2)] string Value);
