using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Library;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>The bare name of a script function: a pointer to it, as <c>Fn("name")</c> is (language §6).</summary>
internal sealed class FunctionName(string name, SourceSpan span) : Node(span)
{
    public string Name => name;

    public override string Type => "Fn";

    public override Code Compile() =>
        Code.Of(frame => Completion.Of(new Caller(frame.Run, frame.Module, this).Named(name)));
}
