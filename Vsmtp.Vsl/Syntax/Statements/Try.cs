using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Statements;

/// <summary><c>try { } catch (e) { }</c>. Its value is unit, whatever its blocks end with (language §5).</summary>
internal sealed class Try(Node body, Identifier? name, Node handler, SourceSpan span) : Node(span)
{
    private Node _body = body;
    private Node _handler = handler;
    private int _caughtSlot;
    private int _nameSlot = -1;

    public override bool Leaves => _body.Leaves && _handler.Leaves;

    public override Node? EndsWithout(string type) => Leaves ? null : this;

    public override void Print(SyntaxPrinter printer)
    {
        printer.Text("try ").Node(_body).Text(" catch ");
        if (name is { } declared) printer.Text("(").Name(declared).Text(") ");
        printer.Node(_handler);
    }

    public override Node Bind(Binder binder)
    {
        _body = binder.Bind(_body);
        binder.Scope.Open();
        _caughtSlot = binder.Scope.NewSlot();
        if (name is { } declared) _nameSlot = binder.Declare(declared, isConstant: false, isExported: false).Slot;
        binder.Scope.EnterCatch(_caughtSlot);
        _handler = binder.Bind(_handler);
        binder.Scope.LeaveCatch();
        binder.Scope.Close();
        return this;
    }

    public override Code Compile()
    {
        var (body, handler) = (_body.Compile(), _handler.Compile());
        if (body.Sync is { } first && handler.Sync is { } second)
        {
            return Code.Of(frame =>
            {
                var result = first(frame);
                return AsStatement(TryCatch(frame, result) ? second(frame) : result);
            });
        }

        return Code.Waiting(async frame =>
        {
            var result = await body.RunAsync(frame).ConfigureAwait(false);
            return AsStatement(TryCatch(frame, result) ? await handler.RunAsync(frame).ConfigureAwait(false) : result);
        });
    }

    private bool TryCatch(Frame frame, in Completion result)
    {
        if (result.Failure is not { IsCatchable: true } failure) return false;
        frame.Slots[_caughtSlot] = new Caught(failure);
        if (_nameSlot >= 0) frame.Slots[_nameSlot] = failure.Thrown.Share();
        return true;
    }

    private static Completion AsStatement(in Completion result) => result.IsValue ? Completion.Unit : result;

    /// <summary>The error that <c>throw;</c> throws again; in a slot that scripts cannot name.</summary>
    internal sealed class Caught(ScriptError error) : HostObject
    {
        public ScriptError Error { get; } = error;

        public override string TypeName => "error";
    }
}
