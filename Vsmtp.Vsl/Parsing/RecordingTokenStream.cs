using Antlr4.Runtime;

namespace Vsmtp.Vsl.Parsing;

/// <summary>
/// Remembers how far the parser has looked. Where a statement may end without ';' the parser gives up before the faulty
/// token, having looked at it: the furthest token is the one to report.
/// </summary>
internal sealed class RecordingTokenStream(ITokenSource source) : CommonTokenStream(source)
{
    public IToken? Furthest { get; private set; }

    public override IToken LT(int k)
    {
        var token = base.LT(k);
        // A prediction moves on and looks at the next token; only error recovery looks further from where it is.
        if (k == 1 && token is not null && token.TokenIndex > (Furthest?.TokenIndex ?? -1)) Furthest = token;
        return token!;
    }
}
