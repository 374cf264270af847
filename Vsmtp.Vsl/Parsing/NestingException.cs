using Antlr4.Runtime;

namespace Vsmtp.Vsl.Parsing;

/// <summary>Leaves the generated parser when a text is nested too deeply; caught where the parser is called.</summary>
internal sealed class NestingException(IToken at) : Exception
{
    public IToken At { get; } = at;
}
