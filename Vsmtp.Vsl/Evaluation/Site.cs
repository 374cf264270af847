namespace Vsmtp.Vsl.Evaluation;

/// <summary>A place in the source from which something is called: a reference to it travels where the span itself would be copied.</summary>
internal class Site(SourceSpan span)
{
    private readonly SourceSpan _span = span;

    public ref readonly SourceSpan Span => ref _span;
}
