namespace Vsmtp.Vsl;

/// <summary><c>object NAME KIND = VALUE</c>, or <c>object NAME file:CONTENT = VALUE</c>, evaluated.</summary>
/// <param name="Kind">One of <see cref="IObjectFactory.Kinds"/>; <c>file</c> for the file form.</param>
/// <param name="ContentKind">What each line of the file is; null when the kind is not <c>file</c>.</param>
public sealed record ObjectDeclaration(string Name, string Kind, string? ContentKind, Value Value, HostCall Call)
{
    public SourceSpan Span => Call.CallSite;
}
