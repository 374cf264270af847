namespace Vsmtp.Vsl;

/// <summary><c>service NAME KIND = VALUE</c>, evaluated.</summary>
/// <param name="Kind">One of <see cref="IServiceFactory.Kinds"/>, e.g. <c>smtp</c> or <c>db:csv</c>.</param>
public sealed record ServiceDeclaration(string Name, string Kind, Value Value, HostCall Call)
{
    public SourceSpan Span => Call.CallSite;
}
