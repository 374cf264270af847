using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax;

/// <summary>One construct of the source text. Every construct has a value, if only unit.</summary>
internal abstract class Node(SourceSpan span) : Site(span)
{
    /// <summary>Type of the value of a bound node, as in <see cref="HostFacts"/>; null: not known before it runs.</summary>
    public virtual string? Type => null;

    /// <summary>Whether what stands behind it is never come to.</summary>
    public virtual bool Leaves => false;

    /// <summary>
    /// The place where a bound node may end, certainly or most likely, with a value that is not of a type; null: none is seen.
    /// </summary>
    public virtual Node? EndsWithout(string type) => Type is { } known && known != type ? this : null;

    /// <summary>Writes the source form of an unbound node.</summary>
    /// <exception cref="InvalidOperationException">The node came into being when another was bound.</exception>
    public virtual void Print(SyntaxPrinter printer) => throw new InvalidOperationException($"{GetType().Name} is not written in a script");

    /// <summary>Resolves the names below this node.</summary>
    /// <returns>The node to take its place: itself, or a simpler or more specific one.</returns>
    public virtual Node Bind(Binder binder) => this;

    /// <summary>Makes the code of a bound node; its value may be kept, so containers in it are marked shared.</summary>
    public abstract Code Compile();

    /// <summary>As <see cref="Compile"/>, for a value that is only looked at: containers are not marked.</summary>
    public virtual Code CompileBorrowed() => Compile();

    /// <summary>As <see cref="Compile"/>, where nothing follows in the function: <c>return e</c> is then just <c>e</c>.</summary>
    public virtual Code CompileTail() => Compile();
}
