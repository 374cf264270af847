using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Syntax;

/// <summary>One construct of the source text. Every construct has a value, if only unit.</summary>
internal abstract class Node(SourceSpan span) : Site(span)
{
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
